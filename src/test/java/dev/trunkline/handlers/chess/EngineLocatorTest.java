package dev.trunkline.handlers.chess;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineLocatorTest {

  @TempDir Path directory;

  @Test
  void theFirstDirectoryThatHasOneWins() throws IOException {
    Path first = Files.createDirectory(directory.resolve("first"));
    Path second = Files.createDirectory(directory.resolve("second"));
    Path there = program(second.resolve("stockfish"));
    assertThat(locator(Optional.empty(), first, second).find()).contains(there);
    Path better = program(first.resolve("stockfish"));
    assertThat(locator(Optional.empty(), first, second).find()).contains(better);
  }

  @Test
  void aMissingEngineSaysWhatToInstall() {
    assertThat(locator(Optional.empty(), directory).missing())
        .hasValueSatisfying(
            reason ->
                assertThat(reason)
                    .contains("apt-get install stockfish", "trunkline.chess.executable"));
  }

  @Test
  void oneInstalledLaterIsFoundOnceTheAnswerIsOld() throws IOException {
    EngineLocator forgetful = locator(Optional.empty(), directory);
    EngineLocator keeping =
        new EngineLocator(Optional.empty(), List.of(directory), Duration.ofDays(1));
    assertThat(forgetful.missing()).isPresent();
    assertThat(keeping.missing()).isPresent();
    program(directory.resolve("stockfish"));
    assertThat(forgetful.missing()).isEmpty();
    assertThat(keeping.missing()).isPresent();
  }

  @Test
  void aFileThatCannotBeExecutedIsNone() throws IOException {
    Files.createFile(directory.resolve("stockfish"));
    assertThat(locator(Optional.empty(), directory).find()).isEmpty();
    Files.delete(directory.resolve("stockfish"));
    Files.createDirectory(directory.resolve("stockfish"));
    assertThat(locator(Optional.empty(), directory).find()).isEmpty();
  }

  @Test
  void theConfiguredFileIsTheOnlyOneLookedAt() throws IOException {
    program(directory.resolve("stockfish"));
    Path configured = directory.resolve("other");
    assertThat(locator(Optional.of(configured), directory).missing())
        .contains(EngineLocator.CONFIGURED_NOT_FOUND);
    program(configured);
    assertThat(locator(Optional.of(configured), directory).find()).contains(configured);
  }

  @Test
  void aConfiguredBareNameIsLookedForInTheDirectories() throws IOException {
    Path there = program(directory.resolve("lc0"));
    assertThat(locator(Optional.of(Path.of("lc0")), directory).find()).contains(there);
  }

  private static EngineLocator locator(Optional<Path> configured, Path... directories) {
    return new EngineLocator(configured, List.of(directories), Duration.ZERO);
  }

  private static Path program(Path file) throws IOException {
    Files.createFile(file);
    assertThat(file.toFile().setExecutable(true)).isTrue();
    return file;
  }
}
