package dev.trunkline.maintain;

import dev.trunkline.database.ConnectionSetup;
import dev.trunkline.database.StoreException;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.Set;
import javax.sql.DataSource;

/**
 * Looks what there is to do, so that a service that stands still asks the database one question
 * instead of five.
 */
@ApplicationScoped
class Errands {

  /** Each is one probe of an index, or of a table of few rows. Named as the {@link Errand}s. */
  static final String LOOK =
      """
      select
        exists (select from trunkline.ready where expires_at <= statement_timestamp())
          as expired_tasks,
        exists (select from trunkline.remote_lease where expires_at <= statement_timestamp())
          as expired_leases,
        exists (select from trunkline.new_queue) as new_queues,
        exists (select from trunkline.worker w
                where w.dead_at is null and w.expires_at < statement_timestamp()
                  or w.dead_at is not null
                    and exists (select from trunkline.lease l where l.worker_id = w.id))
          as lost_workers
      """;

  private final DataSource dataSource;

  Errands(DataSource dataSource) {
    this.dataSource = dataSource;
  }

  /** Those that there is work for. */
  Set<Errand> look() {
    try {
      return ConnectionSetup.alone(dataSource, Errands::look);
    } catch (SQLException e) {
      throw new StoreException(e);
    }
  }

  private static Set<Errand> look(Connection connection) throws SQLException {
    try (PreparedStatement look = connection.prepareStatement(LOOK);
        ResultSet row = look.executeQuery()) {
      row.next();
      Set<Errand> found = EnumSet.noneOf(Errand.class);
      for (Errand errand : Errand.values()) {
        if (row.getBoolean(errand.name())) {
          found.add(errand);
        }
      }
      return found;
    }
  }

  /** What is only done where there is something. */
  enum Errand {
    EXPIRED_TASKS,
    EXPIRED_LEASES,
    NEW_QUEUES,
    LOST_WORKERS
  }
}
