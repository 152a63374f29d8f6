package dev.trunkline.inspect;

import dev.trunkline.database.StoreException;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import javax.sql.DataSource;

/** Asks the database for what watchers are told, many tasks at once. */
@Singleton
class WatchReader {

  /** Tasks that are read at once. Each may have megabytes, and all of them are in memory. */
  static final int TOGETHER = 8;

  private final DataSource dataSource;
  private final Snapshots snapshots;

  WatchReader(DataSource dataSource, Snapshots snapshots) {
    this.dataSource = dataSource;
    this.snapshots = snapshots;
  }

  /** The stamps of those tasks that there are. */
  Map<UUID, Stamp> stamps(Collection<UUID> ids) {
    Map<UUID, Stamp> stamps = new HashMap<>();
    try (Connection connection = dataSource.getConnection();
        PreparedStatement ask = connection.prepareStatement(WatchSql.STAMPS)) {
      WatchSql.bind(ask, ids);
      try (ResultSet rows = ask.executeQuery()) {
        while (rows.next()) {
          Stamp stamp = WatchSql.read(rows);
          stamps.put(stamp.task(), stamp);
        }
      }
      return stamps;
    } catch (SQLException e) {
      throw new StoreException(e);
    }
  }

  /**
   * Tells the tasks themselves, those that there are.
   *
   * @param ids at most {@link #TOGETHER}
   * @param teller is told each when it is read, and may let it go before the next one is
   */
  void tasks(Collection<UUID> ids, Consumer<TaskSnapshot> teller) {
    try (Connection connection = dataSource.getConnection();
        PreparedStatement read = connection.prepareStatement(TasksSql.READ)) {
      TasksSql.bind(read, ids);
      try (ResultSet rows = read.executeQuery()) {
        while (rows.next()) {
          teller.accept(snapshots.of(TasksSql.read(rows)));
        }
      }
    } catch (SQLException e) {
      throw new StoreException(e);
    }
  }
}
