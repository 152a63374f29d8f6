package dev.trunkline.handlers.chess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The engines of the tests: the real one, and scripts that misbehave. */
final class Engines {

  static final String REFERENCE = "8/8/6P1/4R3/8/6k1/2r5/6K1 b - - 0 1";

  static final EnginePatience SHORT =
      new EnginePatience(Duration.ofSeconds(20), Duration.ofMillis(300), Duration.ofMillis(300));

  /** Answers the handshake; what it does on go and stop is for the test to say. */
  private static final String SCRIPT =
      """
      #!/bin/sh
      while read -r line; do
        case "$line" in
          uci) echo uciok ;;
          isready) echo readyok ;;
          go*) %s ;;
          stop) %s ;;
        esac
      done
      """;

  private Engines() {}

  /** The real engine; without it the test is skipped. */
  static Path stockfish() {
    EngineLocator locator = new EngineLocator(Optional.empty());
    assumeTrue(locator.find().isPresent(), EngineLocator.NOT_FOUND);
    return locator.find().orElseThrow();
  }

  static Path fake(Path directory, String onGo, String onStop) throws IOException {
    return script(directory, SCRIPT.formatted(onGo, onStop));
  }

  static Path script(Path directory, String text) throws IOException {
    Path file = Files.writeString(Files.createTempFile(directory, "engine", ""), text);
    assertThat(file.toFile().setExecutable(true)).isTrue();
    return file;
  }

  static Position reference() {
    return PositionRules.legal(REFERENCE);
  }

  static Position start() {
    return PositionRules.legal("rnbqkbnr/pppppppp/8/8/8/8/PPPPPPPP/RNBQKBNR w KQkq - 0 1");
  }

  /** A search that takes as long as it may. */
  static SearchLimits time(Duration time) {
    return new SearchLimits(SearchLimits.ANY_DEPTH, time);
  }

  /** Whether a file is there, or appears in its directory in time. */
  static boolean awaitFile(Path directory, String name, Duration time) throws Exception {
    Deadline deadline = Deadline.in(time);
    try (WatchService watch = directory.getFileSystem().newWatchService()) {
      directory.register(watch, StandardWatchEventKinds.ENTRY_CREATE);
      while (!Files.exists(directory.resolve(name)) && deadline.remaining().isPositive()) {
        WatchKey key = watch.poll(deadline.remaining().toMillis(), TimeUnit.MILLISECONDS);
        if (key != null) {
          key.pollEvents();
          key.reset();
        }
      }
    }
    return Files.exists(directory.resolve(name));
  }
}
