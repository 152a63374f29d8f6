package dev.trunkline.claim;

import dev.trunkline.config.TestConfig;
import dev.trunkline.database.TestDatabase;
import java.util.Map;

/** Workers of a test's own. */
public final class Registrations {

  private Registrations() {}

  /** A worker with the shortest lease there is. */
  public static WorkerRegistration in(TestDatabase database) {
    return new WorkerRegistration(
        database.dataSource(),
        TestConfig.with(Map.of("trunkline.worker.name", "w1", "trunkline.lease.duration", "5s")));
  }
}
