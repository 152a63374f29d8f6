package dev.trunkline.maintain;

import dev.trunkline.database.Migration;
import dev.trunkline.database.Reserved;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.sql.DataSource;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Readiness: UP while the database holds this version's schema and takes writes. It answers in time
 * whatever the database does, and asks on a connection that a crowd of requests does not use up.
 */
@Readiness
@ApplicationScoped
class DatabaseAnswers implements HealthCheck {

  /** Asks for the right to write and touches no row; refused where the server is read-only. */
  static final String ASK = "select from trunkline.worker where false for update";

  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final DataSource dataSource;
  private final Migration migration;

  DatabaseAnswers(@Reserved DataSource dataSource, Migration migration) {
    this.dataSource = dataSource;
    this.migration = migration;
  }

  @Override
  public HealthCheckResponse call() {
    return HealthCheckResponse.named("database")
        .status(migration.isDone() && answersInTime())
        .withData("migrated", migration.isDone())
        .build();
  }

  private boolean answersInTime() {
    FutureTask<Boolean> answer = new FutureTask<>(this::answers);
    // Not on a virtual one, which handlers that only compute can keep from running.
    Thread.ofPlatform().daemon().name("readiness").start(answer);
    return inTime(answer);
  }

  private static boolean inTime(Future<Boolean> answer) {
    try {
      return answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private boolean answers() {
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(ASK);
      return true;
    } catch (SQLException e) {
      return false;
    }
  }
}
