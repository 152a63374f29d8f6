package dev.trunkline.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The processes that contenders run in. */
final class Processes {

  /** The Java that the harness runs on. */
  static final String JAVA = Path.of(System.getProperty("java.home"), "bin", "java").toString();

  private Processes() {}

  /** Waits for one that has been told to end, and ends it where it does not. */
  static void awaitEnd(Process process, Duration patience) {
    try {
      if (!process.waitFor(patience.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
