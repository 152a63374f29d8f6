package dev.trunkline;

import io.quarkus.runtime.Quarkus;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * The way into the packaged service (development mode and the tests have ways of their own). It
 * looks for what nothing can start without, so that its lack is told in a line and not in a stack
 * trace.
 */
public final class Trunkline {

  private static final String CARRIERS = "jdk.virtualThreadScheduler.parallelism";
  private static final String NO_URI_VALIDATION = "vertx.disableURIValidation";

  /** What nothing starts without, and what to do about it. */
  private static final Map<String, String> NEEDED =
      Map.of(
          "quarkus.datasource.jdbc.url",
          "no database is configured: set quarkus.datasource.jdbc.url"
              + " (QUARKUS_DATASOURCE_JDBC_URL), or run the embedded PostgreSQL with"
              + " trunkline.database.embedded=true (not in a native image)",
          "trunkline.auth.mode",
          "it is not configured who may use it: set trunkline.auth.mode (TRUNKLINE_AUTH_MODE) to"
              + " token, oidc, or none to let everybody do everything");

  private Trunkline() {}

  public static void main(String... args) {
    carryVirtualThreadsOnMoreThanTheProcessors();
    // The API does it, and says what is wrong: dev.trunkline.api.EarlyProblems.
    System.setProperty(NO_URI_VALIDATION, "true");
    List<String> missing = missing(ConfigProvider.getConfig());
    if (!missing.isEmpty()) {
      missing.forEach(message -> System.err.println("trunkline: " + message));
      System.exit(1);
    }
    Quarkus.run(args);
  }

  private static List<String> missing(Config config) {
    return NEEDED.entrySet().stream()
        .filter(needed -> config.getOptionalValue(needed.getKey(), String.class).isEmpty())
        .map(Map.Entry::getValue)
        .sorted()
        .toList();
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
