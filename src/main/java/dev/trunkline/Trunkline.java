package dev.trunkline;

import io.quarkus.runtime.Quarkus;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * The way into the packaged service (development mode and the tests have ways of their own). It
 * looks for what nothing can start without, so that its lack is told in a line and not in a stack
 * trace.
 */
public final class Trunkline {

  private static final String CARRIERS = "jdk.virtualThreadScheduler.parallelism";
  private static final String URL = "quarkus.datasource.jdbc.url";

  private Trunkline() {}

  public static void main(String... args) {
    carryVirtualThreadsOnMoreThanTheProcessors();
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

  /**
   * Handlers that compute hold the thread that carries them. With only as many carriers as
   * processors, two of them on two processors would keep every other attempt and request from
   * running; with more, the operating system shares the processors out. Looked at by the JDK when
   * the first virtual thread is made.
   */
  private static void carryVirtualThreadsOnMoreThanTheProcessors() {
    if (System.getProperty(CARRIERS) == null) {
      int carriers = Math.max(16, 4 * Runtime.getRuntime().availableProcessors());
      System.setProperty(CARRIERS, Integer.toString(carriers));
    }
  }
}
