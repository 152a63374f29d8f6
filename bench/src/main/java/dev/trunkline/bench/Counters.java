package dev.trunkline.bench;

import dev.trunkline.bench.DatabaseServer.Database;
import dev.trunkline.bench.Results.Value;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * What the server has counted in a database so far; three transactions of each look are among it.
 *
 * @param wal in bytes, of the whole server
 * @param died rows that were deleted or replaced
 * @param dead rows of these that are still in the tables
 * @param statements but for begin and commit; empty where they are not counted
 */
record Counters(
    double transactions, double wal, double died, double dead, OptionalDouble statements) {

  /** Sessions that fall idle tell the statistics what they did ten seconds later. */
  static final Duration FLUSH = Duration.ofSeconds(11);

  private static final String LOOK =
      """
      select
        (select xact_commit + xact_rollback from pg_stat_database
          where datname = current_database()),
        pg_current_wal_lsn() - '0/0'::pg_lsn,
        (select coalesce(sum(n_tup_del + n_tup_upd), 0) from pg_stat_user_tables),
        (select coalesce(sum(n_dead_tup), 0) from pg_stat_user_tables),
        %s
      """;

  /** When all that came before is counted. */
  static Counters before(Database database) {
    Waiting.sleep(FLUSH);
    return now(database);
  }

  /** With all that came before, and no WAL or statements of what comes while that is waited for. */
  static Counters after(Database database) {
    Counters now = now(database);
    Counters later = before(database);
    return new Counters(later.transactions, now.wal, later.died, later.dead, now.statements);
  }

  /** Of a database where nothing much has gone on lately. */
  static Counters now(Database database) {
    try (Connection connection = database.observe();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(LOOK.formatted(Statements.soFar(connection)))) {
      row.next();
      double statements = row.getDouble(5);
      boolean counted = !row.wasNull();
      return new Counters(
          row.getDouble(1),
          row.getDouble(2),
          row.getDouble(3),
          row.getDouble(4),
          counted ? OptionalDouble.of(statements) : OptionalDouble.empty());
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  List<Value> aTask(Counters before, int tasks) {
    List<Value> values = new ArrayList<>();
    statementsSince(before)
        .ifPresent(count -> values.add(new Value("statements a task", "", count / tasks)));
    values.add(new Value("transactions a task", "", (transactions - before.transactions) / tasks));
    values.add(new Value("WAL a task", "bytes", (wal - before.wal) / tasks));
    values.add(new Value("rows deleted or replaced a task", "", (died - before.died) / tasks));
    return values;
  }

  List<Value> whileIdle(Counters before, double seconds) {
    List<Value> values = new ArrayList<>();
    statementsSince(before)
        .ifPresent(
            count -> values.add(new Value("statements while idle", "per second", count / seconds)));
    values.add(
        new Value(
            "transactions while idle",
            "per second",
            (transactions - before.transactions) / seconds));
    return values;
  }

  private OptionalDouble statementsSince(Counters before) {
    return statements.isPresent() && before.statements.isPresent()
        ? OptionalDouble.of(statements.getAsDouble() - before.statements.getAsDouble())
        : OptionalDouble.empty();
  }
}
