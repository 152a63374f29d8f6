package dev.trunkline.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the processes under measurement say. */
final class Logs {

  private static final Path DIRECTORY = Path.of("bench", "target", "logs");

  private Logs() {}

  static Path file(String name) {
    return DIRECTORY.resolve(name.replaceAll("[^a-z0-9.-]+", "-") + ".log");
  }

  static Redirect of(String name) {
    try {
      Files.createDirectories(DIRECTORY);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Redirect.appendTo(file(name).toFile());
  }
}
