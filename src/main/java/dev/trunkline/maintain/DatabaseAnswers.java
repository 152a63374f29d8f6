package dev.trunkline.maintain;

import dev.trunkline.database.Migration;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Readiness: UP while the database answers and holds this version's schema. */
@Readiness
@ApplicationScoped
class DatabaseAnswers implements HealthCheck {

  private static final int PATIENCE_SECONDS = 2;

  private final DataSource dataSource;
  private final Migration migration;

  DatabaseAnswers(DataSource dataSource, Migration migration) {
    this.dataSource = dataSource;
    this.migration = migration;
  }

  @Override
  public HealthCheckResponse call() {
    return HealthCheckResponse.named("database")
        .status(migration.isDone() && answers())
        .withData("migrated", migration.isDone())
        .build();
  }

  private boolean answers() {
    try (Connection connection = dataSource.getConnection()) {
      return connection.isValid(PATIENCE_SECONDS);
    } catch (SQLException e) {
      return false;
    }
  }
}
