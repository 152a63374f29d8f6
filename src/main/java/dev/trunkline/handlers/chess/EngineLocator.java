package dev.trunkline.handlers.chess;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where the chess engine is: the configured file; else {@code stockfish} on the PATH, or where
 * packages put it although that is not on every service's PATH. Looks again once its answer is some
 * seconds old, so that an engine installed later is found without a restart. Thread-safe.
 */
final class EngineLocator {

  static final String NOT_FOUND =
      "Stockfish was not found: install it (Debian: apt-get install stockfish, macOS: brew install"
          + " stockfish) or set trunkline.chess.executable";

  static final String CONFIGURED_NOT_FOUND =
      "The chess engine that trunkline.chess.executable names was not found, or cannot be executed:"
          + " correct the setting, or leave it out to have Stockfish looked for";

  private static final List<Path> USUAL_PLACES =
      Stream.of(
              "/usr/games",
              "/usr/local/bin",
              "/usr/bin",
              "/usr/local/games",
              "/opt/homebrew/bin",
              "/opt/local/bin",
              "/home/linuxbrew/.linuxbrew/bin",
              "/snap/bin")
          .map(Path::of)
          .toList();

  private static final Duration KEPT = Duration.ofSeconds(3);

  private final Optional<Path> configured;
  private final List<Path> directories;
  private final Duration kept;
  private volatile Answer answer = new Answer(Optional.empty(), Deadline.in(Duration.ZERO));

  /** A locator that searches the directories of the PATH and the usual ones. */
  EngineLocator(Optional<Path> configured) {
    this(configured, Stream.concat(path(), USUAL_PLACES.stream()).toList(), KEPT);
  }

  /**
   * A locator that searches certain directories.
   *
   * @param configured a file, or a bare name to look for in the directories
   * @param kept how long an answer holds
   */
  EngineLocator(Optional<Path> configured, List<Path> directories, Duration kept) {
    this.configured = configured;
    this.directories = List.copyOf(directories);
    this.kept = kept;
  }

  /** The engine's executable, if there is one. */
  Optional<Path> find() {
    Answer last = answer;
    if (last.until().remaining().isPositive()) {
      return last.executable();
    }
    Optional<Path> found = look();
    answer = new Answer(found, Deadline.in(kept));
    return found;
  }

  /** What to do about an engine that is not there; empty where it is. */
  Optional<String> missing() {
    return find().isPresent() ? Optional.empty() : Optional.of(reason());
  }

  /** What to do about an engine that {@link #find} did not find. */
  String reason() {
    return configured.isPresent() ? CONFIGURED_NOT_FOUND : NOT_FOUND;
  }

  private Optional<Path> look() {
    Path wanted = configured.orElse(Path.of("stockfish"));
    boolean bareName = !wanted.isAbsolute() && wanted.getNameCount() == 1;
    Stream<Path> candidates =
        bareName ? directories.stream().map(place -> place.resolve(wanted)) : Stream.of(wanted);
    return candidates.filter(EngineLocator::isProgram).map(Path::toAbsolutePath).findFirst();
  }

  private static boolean isProgram(Path file) {
    return Files.isRegularFile(file) && Files.isExecutable(file);
  }

  private static Stream<Path> path() {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return Stream.of(path.split(File.pathSeparator))
        .filter(entry -> !entry.isEmpty())
        .map(Path::of);
  }

  private record Answer(Optional<Path> executable, Deadline until) {}
}
