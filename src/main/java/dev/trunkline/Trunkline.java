package dev.trunkline;

import dev.trunkline.database.MigrateCommand;
import io.quarkus.runtime.Quarkus;
import java.util.List;
import java.util.Locale;
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

  /**
   * Without arguments the service runs until it is told to end. With {@code migrate} the schema is
   * brought up to date, and then it ends: see {@link MigrateCommand}.
   */
  public static void main(String... args) {
    switch (String.join(" ", args)) {
      case "" -> serve();
      case MigrateCommand.NAME -> migrate();
      default ->
          refuse(
              List.of(
                  "no such command: %s. There are: %s, or none to serve"
                      .formatted(String.join(" ", args), MigrateCommand.NAME)));
    }
  }

  private static void serve() {
    carryVirtualThreadsOnMoreThanTheProcessors();
    // The API does it, and says what is wrong: dev.trunkline.api.EarlyProblems.
    System.setProperty(NO_URI_VALIDATION, "true");
    refuse(missing());
    Quarkus.run();
  }

  private static void migrate() {
    MigrateCommand.SETTINGS.forEach(System::setProperty);
    refuse(missing());
    Quarkus.run(MigrateCommand.class, MigrateCommand.NAME);
  }

  /** Ends the process where there is something to say. */
  private static void refuse(List<String> faults) {
    if (!faults.isEmpty()) {
      faults.forEach(fault -> System.err.println("trunkline: " + fault));
      System.exit(1);
    }
  }

  private static List<String> missing() {
    // Quarkus makes its configuration by itself: to make one here as well takes a tenth of a start.
    return NEEDED.keySet().stream().allMatch(Trunkline::isGiven)
        ? List.of()
        : missing(ConfigProvider.getConfig());
  }

  /** Where it is nearly always given: as a property of the process or in its environment. */
  private static boolean isGiven(String name) {
    String variable = name.replace('.', '_').toUpperCase(Locale.ROOT);
    String value = System.getProperty(name, System.getenv(variable));
    // An expression may come to nothing.
    return value != null && !value.isBlank() && !value.contains("${");
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
