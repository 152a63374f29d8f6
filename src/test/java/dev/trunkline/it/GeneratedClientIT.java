package dev.trunkline.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/**
 * The client that openapi-generator makes of {@code docs/openapi.yaml} compiles, and can be worked
 * with: {@code src/test/client/Smoke.java} is written against it. Compiled here and not by Maven,
 * since our checks are not for generated code.
 */
class GeneratedClientIT {

  private static final Path GENERATED = Path.of("target/generated-client/src/main/java");
  private static final Path SMOKE = Path.of("src/test/client/Smoke.java");
  private static final Path CLASSES = Path.of("target/generated-client/classes");

  @Test
  void theGeneratedClientCompilesAndSubmitsWaitsReadsListsLeasesAndCancels() throws Exception {
    compile();
    try (Postgres database = new Postgres();
        Service service = Service.start(database, Map.of());
        URLClassLoader loader =
            new URLClassLoader(
                new URL[] {CLASSES.toUri().toURL()}, GeneratedClientIT.class.getClassLoader())) {
      loader
          .loadClass("Smoke")
          .getMethod("run", String.class)
          .invoke(null, "http://127.0.0.1:" + service.port());
    }
  }

  private static void compile() throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    Files.createDirectories(CLASSES);
    StringWriter said = new StringWriter();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      List<String> options =
          List.of(
              "-d",
              CLASSES.toString(),
              "-cp",
              System.getProperty("java.class.path"),
              "-proc:none",
              "-nowarn");
      boolean compiled =
          compiler
              .getTask(
                  said, files, null, options, null, files.getJavaFileObjectsFromPaths(sources()))
              .call();
      assertThat(compiled).as(said.toString()).isTrue();
    }
  }

  private static List<Path> sources() throws IOException {
    List<Path> sources = new ArrayList<>(List.of(SMOKE));
    try (Stream<Path> generated = Files.walk(GENERATED)) {
      generated.filter(path -> path.toString().endsWith(".java")).forEach(sources::add);
    }
    return sources;
  }
}
