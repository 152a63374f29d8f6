package dev.trunkline;

import io.quarkus.runtime.Quarkus;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * The way into the packaged service (development mode and the tests have ways of their own). It
 * looks for what nothing can start without, so that its lack is told in a line and not in a stack
 * trace.
 */
public final class Trunkline {

  private static final String URL = "quarkus.datasource.jdbc.url";

  private Trunkline() {}

  public static void main(String... args) {
    if (ConfigProvider.getConfig().getOptionalValue(URL, String.class).isEmpty()) {
      System.err.println(
          "trunkline: no database is configured: set "
              + URL
              + " (QUARKUS_DATASOURCE_JDBC_URL), or run the embedded PostgreSQL with"
              + " trunkline.database.embedded=true (not in a native image)");
      System.exit(1);
    }
    Quarkus.run(args);
  }
}
