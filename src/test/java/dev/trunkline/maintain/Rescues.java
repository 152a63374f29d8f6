package dev.trunkline.maintain;

import dev.trunkline.config.TestConfig;
import dev.trunkline.database.TestDatabase;
import dev.trunkline.execute.Fired;
import dev.trunkline.finish.Ends;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;
import javax.sql.DataSource;

/** One turn of the maintenance on a database of a test's own. */
public final class Rescues {

  private Rescues() {}

  /** Takes leases of workers outside of the service that are over; true where there were some. */
  public static boolean ofLeases(TestDatabase database) {
    return database.inTransaction(Rescues::ofLeases);
  }

  private static boolean ofLeases(DataSource transaction) {
    return new ExpiredLeases(
            transaction,
            Ends.writer(transaction),
            new Fired<>(),
            new SimpleMeterRegistry(),
            TestConfig.with(Map.of()))
        .runOnce();
  }
}
