package dev.trunkline.maintain;

import dev.trunkline.database.Migration;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Startup;

/** Startup: UP once the schema has been brought up to date. */
@Startup
@ApplicationScoped
class SchemaIsThere implements HealthCheck {

  private final Migration migration;

  SchemaIsThere(Migration migration) {
    this.migration = migration;
  }

  @Override
  public HealthCheckResponse call() {
    return HealthCheckResponse.named("schema").status(migration.isDone()).build();
  }
}
