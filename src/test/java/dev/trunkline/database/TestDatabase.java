package dev.trunkline.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A database of its own, empty but for the schema, on the PostgreSQL that all tests of this JVM
 * share. Each is a copy of one that was migrated once.
 */
public final class TestDatabase {

  private static final String TEMPLATE = "trunkline_template";

  /** So that a statement which waits for a lock of the test's own fails instead of hanging. */
  private static final String LOCK_PATIENCE = "30s";

  private static final AtomicInteger COUNT = new AtomicInteger();

  private final PGSimpleDataSource dataSource;
  private @Nullable Connection kept;

  private TestDatabase(PGSimpleDataSource dataSource) {
    this.dataSource = dataSource;
  }

  public static TestDatabase fresh() {
    String name = "trunkline_" + COUNT.incrementAndGet();
    Server.SERVER.update("create database " + name + " template " + TEMPLATE);
    return new TestDatabase(open(name));
  }

  /** Its connections commit each statement. */
  public DataSource dataSource() {
    return dataSource;
  }

  /**
   * Lets every query fail that would bring more into memory at once, on connections from now on.
   *
   * @param most as {@code maxResultBuffer} of the driver has it, such as {@code 12M}
   */
  public void limitResults(String most) {
    dataSource.setMaxResultBuffer(most);
  }

  /** How long a statement waits for a lock, on connections from now on. */
  public void limitLockWaits(Duration most) {
    dataSource.setOptions("-c lock_timeout=" + most.toMillis());
  }

  /** Where its PostgreSQL listens on this machine. */
  public int port() {
    return dataSource.getPortNumbers()[0];
  }

  public String name() {
    return String.valueOf(dataSource.getDatabaseName());
  }

  public Connection connect() throws SQLException {
    return dataSource.getConnection();
  }

  /**
   * Runs something in one transaction, as {@code @Transactional} does in the service: what it is
   * given hands out the same connection again and again.
   */
  public <T> T inTransaction(Work<T> work) {
    try (Connection connection = connect()) {
      connection.setAutoCommit(false);
      T answer = work.on(new OneConnection(connection));
      connection.commit();
      return answer;
    } catch (SQLException e) {
      throw new StoreException(e);
    }
  }

  /** The number of rows that a statement changed. */
  public synchronized int update(String sql, @Nullable Object... parameters) {
    try (PreparedStatement statement = kept().prepareStatement(sql)) {
      bind(statement, parameters);
      return statement.execute() ? 0 : statement.getUpdateCount();
    } catch (SQLException e) {
      throw new StoreException(e);
    }
  }

  public synchronized List<Map<String, Object>> rows(String sql, @Nullable Object... parameters) {
    try (PreparedStatement statement = kept().prepareStatement(sql)) {
      bind(statement, parameters);
      return read(statement);
    } catch (SQLException e) {
      throw new StoreException(e);
    }
  }

  /** The one row that a query finds. */
  public Map<String, Object> row(String sql, @Nullable Object... parameters) {
    List<Map<String, Object>> rows = rows(sql, parameters);
    if (rows.size() != 1) {
      throw new AssertionError("not one row but " + rows.size() + ": " + sql);
    }
    return rows.getFirst();
  }

  /** The first column of all rows that a query finds. */
  public <T> List<T> column(Class<T> type, String sql, @Nullable Object... parameters) {
    return rows(sql, parameters).stream()
        .map(row -> type.cast(row.values().iterator().next()))
        .toList();
  }

  public <T> T value(Class<T> type, String sql, @Nullable Object... parameters) {
    return type.cast(row(sql, parameters).values().iterator().next());
  }

  public long count(String sql, @Nullable Object... parameters) {
    return value(Number.class, sql, parameters).longValue();
  }

  /** One connection for all that the test itself asks; opening one for each takes its time. */
  private Connection kept() throws SQLException {
    if (kept == null) {
      kept = connect();
    }
    return kept;
  }

  private static void bind(PreparedStatement statement, @Nullable Object... parameters)
      throws SQLException {
    for (int i = 0; i < parameters.length; i++) {
      statement.setObject(i + 1, parameters[i]);
    }
  }

  private static List<Map<String, Object>> read(PreparedStatement statement) throws SQLException {
    List<Map<String, Object>> rows = new ArrayList<>();
    try (ResultSet found = statement.executeQuery()) {
      ResultSetMetaData columns = found.getMetaData();
      while (found.next()) {
        Map<String, Object> row = new LinkedHashMap<>();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
          row.put(columns.getColumnLabel(i), found.getObject(i));
        }
        rows.add(row);
      }
    }
    return rows;
  }

  private static PGSimpleDataSource open(String database) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setUrl(Server.URL);
    source.setDatabaseName(database);
    source.setOptions("-c lock_timeout=" + LOCK_PATIENCE);
    return source;
  }

  /** Something to do in one transaction. */
  @FunctionalInterface
  public interface Work<T> {
    T on(DataSource transaction) throws SQLException;
  }

  /** The PostgreSQL of this JVM, started with the first database that is asked for. */
  private static final class Server {
    static final String URL = EmbeddedDatabase.startForTests();
    static final TestDatabase SERVER = new TestDatabase(open("postgres"));

    static {
      SERVER.update("create database " + TEMPLATE);
      Flyway.configure()
          .dataSource(open(TEMPLATE))
          .defaultSchema("trunkline")
          .schemas("trunkline")
          .locations("classpath:db/migration")
          .load()
          .migrate();
    }
  }
}
