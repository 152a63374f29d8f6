package dev.trunkline.maintain;

import dev.trunkline.database.Migration;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Startup;

/**
 * Startup: UP once this process has brought the schema up to date, or where it waits for another to
 * do so, which a restart would not hasten.
 */
@Startup
@ApplicationScoped
class SchemaIsThere implements HealthCheck {

  private final Migration migration;

  SchemaIsThere(Migration migration) {
    this.migration = migration;
  }

  @Override
  public HealthCheckResponse call() {
    return HealthCheckResponse.named("schema")
        .status(migration.isDone() || !migration.isOurs())
        .build();
  }
}
