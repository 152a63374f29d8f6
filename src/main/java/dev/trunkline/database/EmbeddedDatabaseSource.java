package dev.trunkline.database;

import io.quarkus.runtime.ImageMode;
import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigSourceFactory;
import io.smallrye.config.ConfigValue;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * The database URL where none is configured: that of the embedded PostgreSQL, which it starts, in
 * development mode, in the tests, and where {@code trunkline.database.embedded} asks for it by
 * name.
 *
 * <p>A part of the configuration because nothing else runs before the data source in all of these.
 * The URL is kept as a system property: it has to outlive the restarts of development mode, which
 * throw every class away.
 */
public final class EmbeddedDatabaseSource implements ConfigSourceFactory {

  private static final String URL = "quarkus.datasource.jdbc.url";
  private static final String DATA = "postgresql-18";

  /** Overrides the library's defaults, which are made for tests: what is committed is kept. */
  private static final Map<String, String> DURABLE =
      Map.of("fsync", "on", "synchronous_commit", "on");

  @Override
  public Iterable<ConfigSource> getConfigSources(ConfigSourceContext context) {
    if (ImageMode.current() == ImageMode.JVM && value(context, URL).isEmpty()) {
      start(context).ifPresent(url -> System.setProperty(URL, url));
    }
    return List.of();
  }

  private static synchronized Optional<String> start(ConfigSourceContext context) {
    if (System.getProperty(URL) != null) {
      return Optional.empty();
    }
    if (context.getProfiles().contains("test")) {
      return Optional.of(EmbeddedDatabase.startForTests());
    }
    boolean asked =
        value(context, "trunkline.database.embedded").map(Boolean::parseBoolean).orElse(false);
    if (asked || context.getProfiles().contains("dev")) {
      Path directory =
          Path.of(value(context, "trunkline.database.embedded-directory").orElse(".trunkline"));
      return Optional.of(EmbeddedDatabase.start(directory.resolve(DATA), DURABLE));
    }
    return Optional.empty();
  }

  private static Optional<String> value(ConfigSourceContext context, String name) {
    ConfigValue value = context.getValue(name);
    return Optional.ofNullable(value == null ? null : value.getValue());
  }
}
