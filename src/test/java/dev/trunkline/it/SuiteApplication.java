package dev.trunkline.it;

import io.quarkus.bootstrap.BootstrapException;
import io.quarkus.bootstrap.app.AugmentResult;
import io.quarkus.bootstrap.app.CuratedApplication;
import io.quarkus.bootstrap.app.QuarkusBootstrap;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.apache.commons.io.FileUtils;

/**
 * The service packaged a second time, with the suite's handlers in it; {@code target/quarkus-app}
 * stays what is delivered. Built once for all tests, by the same steps as Maven's {@code package}.
 */
final class SuiteApplication {

  private static final Path PROJECT = Path.of("").toAbsolutePath();
  private static final Path TARGET = PROJECT.resolve("target");
  private static final Path HOME = TARGET.resolve("suite-app");

  private static final class Built {
    static final Path JAR = build();
  }

  private SuiteApplication() {}

  /** What {@code java -jar} is to start. */
  static Path jar() {
    return Built.JAR;
  }

  private static Path build() {
    try {
      FileUtils.deleteDirectory(HOME.toFile());
      Path classes = HOME.resolve("classes");
      FileUtils.copyDirectory(TARGET.resolve("classes").toFile(), classes.toFile());
      for (String packageName : new String[] {"handlers", "history"}) {
        Path directory = Path.of("dev", "trunkline", "it", packageName);
        FileUtils.copyDirectory(
            TARGET.resolve("test-classes").resolve(directory).toFile(),
            classes.resolve(directory).toFile(),
            file -> !file.getName().contains("Test"));
      }
      return augment(classes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (BootstrapException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Path augment(Path classes) throws BootstrapException {
    QuarkusBootstrap bootstrap =
        QuarkusBootstrap.builder()
            .setApplicationRoot(classes)
            .setProjectRoot(PROJECT)
            .setTargetDirectory(HOME)
            .setBaseName("trunkline-suite")
            .setMode(QuarkusBootstrap.Mode.PROD)
            .setLocalProjectDiscovery(true)
            .setIsolateDeployment(true)
            .addExcludedPath(TARGET.resolve("test-classes"))
            .build();
    try (CuratedApplication application = bootstrap.bootstrap()) {
      AugmentResult result = application.createAugmentor().createProductionApplication();
      return result.getJar().getPath();
    }
  }
}
