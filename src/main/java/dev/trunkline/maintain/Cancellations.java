package dev.trunkline.maintain;

import dev.trunkline.database.StoreException;
import dev.trunkline.execute.RunningAttempt;
import dev.trunkline.execute.RunningAttempt.Stop;
import dev.trunkline.execute.RunningAttempts;
import dev.trunkline.task.AttemptToken;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * Interrupts the attempts of this process that somebody asked to cancel. One statement for all of
 * them, and none while nothing runs.
 */
@ApplicationScoped
class Cancellations {

  static final String REQUESTED =
      """
      select task_id, attempt from trunkline.cancellations_requested()
      """;

  private final DataSource dataSource;
  private final RunningAttempts running;

  Cancellations(DataSource dataSource, RunningAttempts running) {
    this.dataSource = dataSource;
    this.running = running;
  }

  void runOnce() {
    if (!running.isEmpty()) {
      Set<AttemptToken> requested = requested();
      for (RunningAttempt attempt : running.all()) {
        if (requested.contains(attempt.task().token())) {
          attempt.stop(Stop.CANCELLED);
        }
      }
    }
  }

  private Set<AttemptToken> requested() {
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(REQUESTED)) {
      Set<AttemptToken> requested = new HashSet<>();
      while (rows.next()) {
        requested.add(new AttemptToken(rows.getObject(1, UUID.class), rows.getInt(2)));
      }
      return requested;
    } catch (SQLException e) {
      throw new StoreException(e);
    }
  }
}
