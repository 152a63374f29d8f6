package dev.trunkline.callback;

import dev.trunkline.config.TrunklineConfig;
import dev.trunkline.database.StoreException;
import dev.trunkline.task.Refusal;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * The secrets that callbacks are signed with, the newest first. Those of the setting, where there
 * are some; else those of the database, of which the first one is made when something is to be
 * signed, so that nothing leaves unsigned though nobody has configured anything. Never cached: a
 * new one signs the next delivery of every process.
 */
@Startup
@ApplicationScoped
public class Secrets {

  /** Each makes the header longer, and none is to stay for good. */
  private static final int MOST = 5;

  private final DataSource dataSource;
  private final List<Secret> configured;

  Secrets(DataSource dataSource, TrunklineConfig config) {
    this.dataSource = dataSource;
    this.configured = ConfiguredSecrets.read(config.callback().secrets().orElseGet(List::of));
  }

  /** All that sign at present; at least one. */
  @Transactional
  public List<Secret> active() {
    return areConfigured() ? configured : kept().stream().map(StoredSecret::secret).toList();
  }

  /** Whether they come from the setting, and are not to be had or changed here. */
  public boolean areConfigured() {
    return !configured.isEmpty();
  }

  /** How many the setting has. */
  public int configured() {
    return configured.size();
  }

  /** Those that are kept in the database; none before one was needed or made. */
  @Transactional
  public List<StoredSecret> stored() {
    try (Connection connection = dataSource.getConnection()) {
      return list(connection);
    } catch (SQLException e) {
      throw new StoreException(e);
    }
  }

  /**
   * Makes a new one, which signs beside the others from now on.
   *
   * @throws dev.trunkline.task.RefusedException where the setting has them, or there are too many
   */
  @Transactional
  public StoredSecret rotate() {
    refuseConfigured();
    try (Connection connection = dataSource.getConnection()) {
      Optional<StoredSecret> first = insert(connection, SecretSql.MAKE_FIRST);
      return first.isPresent() ? first.get() : makeAnother(connection);
    } catch (SQLException e) {
      throw new StoreException(e);
    }
  }

  /**
   * Has a secret sign no more.
   *
   * @throws dev.trunkline.task.RefusedException where the setting has them, there is no such one,
   *     or it is the only one
   */
  @Transactional
  public void delete(UUID id) {
    refuseConfigured();
    try (Connection connection = dataSource.getConnection()) {
      List<UUID> all = lock(connection);
      if (!all.contains(id)) {
        throw new Refusal.NoSuchSecret(id.toString()).exception();
      }
      if (all.size() == 1) {
        throw refusal(
            "This is the only secret: make a new one first, and delete this one when it is in"
                + " use.");
      }
      delete(connection, id);
    } catch (SQLException e) {
      throw new StoreException(e);
    }
  }

  private List<StoredSecret> kept() {
    try (Connection connection = dataSource.getConnection()) {
      List<StoredSecret> secrets = list(connection);
      if (!secrets.isEmpty()) {
        return secrets;
      }
      var _ = insert(connection, SecretSql.MAKE_FIRST);
      return list(connection);
    } catch (SQLException e) {
      throw new StoreException(e);
    }
  }

  private static StoredSecret makeAnother(Connection connection) throws SQLException {
    lock(connection);
    // Asked for once they are locked: whoever was waited for may have made one.
    if (list(connection).size() >= MOST) {
      throw refusal("There are %d secrets: delete the oldest ones first.".formatted(MOST));
    }
    return insert(connection, SecretSql.MAKE).orElseThrow();
  }

  private void refuseConfigured() {
    if (areConfigured()) {
      throw refusal("The secrets are those of trunkline.callback.secrets: change them there.");
    }
  }

  private static RuntimeException refusal(String reason) {
    return new Refusal.SecretsStay(reason).exception();
  }

  private static List<StoredSecret> list(Connection connection) throws SQLException {
    List<StoredSecret> secrets = new ArrayList<>();
    try (PreparedStatement list = connection.prepareStatement(SecretSql.LIST);
        ResultSet rows = list.executeQuery()) {
      while (rows.next()) {
        secrets.add(SecretSql.read(rows));
      }
    }
    return secrets;
  }

  private static List<UUID> lock(Connection connection) throws SQLException {
    List<UUID> ids = new ArrayList<>();
    try (PreparedStatement lock = connection.prepareStatement(SecretSql.LOCK);
        ResultSet rows = lock.executeQuery()) {
      while (rows.next()) {
        ids.add(rows.getObject(1, UUID.class));
      }
    }
    return ids;
  }

  /** The new one; empty where there was one already that stands in its way. */
  private static Optional<StoredSecret> insert(Connection connection, String sql)
      throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(sql)) {
      insert.setString(1, Secret.random().text());
      try (ResultSet row = insert.executeQuery()) {
        return row.next() ? Optional.of(SecretSql.read(row)) : Optional.empty();
      }
    }
  }

  private static void delete(Connection connection, UUID id) throws SQLException {
    try (PreparedStatement delete = connection.prepareStatement(SecretSql.DELETE)) {
      delete.setObject(1, id);
      delete.executeUpdate();
    }
  }
}
