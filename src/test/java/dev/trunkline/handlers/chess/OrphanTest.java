package dev.trunkline.handlers.chess;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An engine ends with the process that uses it, even if that has no chance to end it. */
@Timeout(60)
class OrphanTest {

  private static final String GONE = "gone";

  @TempDir Path directory;

  @Test
  void anEngineEndsInTheMiddleOfASearchWhenItsJvmIsKilled() throws Exception {
    Path engine = announcing(Engines.stockfish());
    Process jvm = jvm(engine);
    try (BufferedReader output = jvm.inputReader()) {
      assertThat(output.readLine()).isEqualTo("searching");
      jvm.destroyForcibly();
      assertThat(jvm.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(Engines.awaitFile(directory, GONE, Duration.ofSeconds(5))).isTrue();
  }

  /** The engine in a script that outlives it and then leaves a file. */
  private Path announcing(Path stockfish) throws Exception {
    String script = "#!/bin/sh\n%s\n: > %s\n".formatted(stockfish, directory.resolve(GONE));
    return Engines.script(directory, script);
  }

  private static Process jvm(Path engine) throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classes = System.getProperty("java.class.path");
    return new ProcessBuilder(java, "-cp", classes, Main.class.getName(), engine.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  /** A process that starts a long search, says so, and waits to be killed. */
  static final class Main {

    private Main() {}

    @SuppressWarnings("SystemOut")
    public static void main(String[] args) throws Exception {
      UciEngine engine = UciEngine.start(Path.of(args[0]), EnginePatience.DEFAULT);
      boolean[] told = {false};
      engine.analyze(
          Engines.start(),
          1,
          Engines.time(Duration.ofMinutes(1)),
          output -> {
            if (!told[0] && InfoLine.depth(output).isPresent()) {
              told[0] = true;
              System.out.println("searching");
            }
          });
    }
  }
}
