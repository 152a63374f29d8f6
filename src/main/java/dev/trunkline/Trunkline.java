package dev.trunkline;

import dev.trunkline.database.EmbeddedDatabase;
import io.quarkus.runtime.ImageMode;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.nio.file.Path;
import java.util.Map;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * The way in. It settles which database is used before anything else starts: the one that is
 * configured; without one, the embedded PostgreSQL in development mode or where it is asked for by
 * name; and otherwise none, and no start.
 */
@QuarkusMain
public final class Trunkline {

  private static final String URL = "quarkus.datasource.jdbc.url";

  private Trunkline() {}

  public static void main(String... args) {
    Config config = ConfigProvider.getConfig();
    if (config.getOptionalValue(URL, String.class).isEmpty()) {
      if (!mayEmbed(config)) {
        System.err.println(
            "trunkline: no database is configured: set "
                + URL
                + " (QUARKUS_DATASOURCE_JDBC_URL), or run the embedded PostgreSQL with"
                + " trunkline.database.embedded=true (not in a native image)");
        System.exit(1);
      }
      embed(config);
    }
    Quarkus.run(args);
  }

  private static boolean mayEmbed(Config config) {
    boolean asked =
        config.getOptionalValue("trunkline.database.embedded", Boolean.class).orElse(false);
    return ImageMode.current() == ImageMode.JVM
        && (asked || LaunchMode.current() == LaunchMode.DEVELOPMENT);
  }

  private static void embed(Config config) {
    Path directory =
        config
            .getOptionalValue("trunkline.database.embedded-directory", Path.class)
            .orElse(Path.of(".trunkline"));
    // Overrides the library's defaults, which are made for tests: what is committed is kept.
    Map<String, String> durable = Map.of("fsync", "on", "synchronous_commit", "on");
    String url = EmbeddedDatabase.start(directory.resolve("postgresql-18"), durable);
    // Kept as a system property, because it outlives the restarts of development mode.
    System.setProperty(URL, url);
  }
}
