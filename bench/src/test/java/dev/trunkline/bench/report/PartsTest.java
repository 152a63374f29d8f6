package dev.trunkline.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.trunkline.bench.report.ResultsFile.Measured;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartsTest {

  @TempDir Path directory;

  @Test
  void allPartsOfADirectoryAreOneReport() {
    write("", "a1b2c3", "drain", "submit");
    write("later", "d4e5f6", "start");

    Parts parts = Parts.read(directory);
    String text = new Page(parts, new Figures(parts.measured())).text();

    assertEquals(List.of("", "later"), List.copyOf(parts.byName().keySet()));
    assertTrue(text.contains("| scenarios | drain, submit | start |"), text);
    assertTrue(text.contains("| Trunkline | revision `a1b2c3` | revision `d4e5f6` |"), text);
    assertTrue(text.contains("| cores | 2 | 2 |"), text);
  }

  @Test
  void aScenarioIsInOnePartAlone() {
    write("", "a1b2c3", "drain", "submit");
    write("later", "d4e5f6", "submit");

    assertTrue(refusal().contains("submit"), refusal());
  }

  @Test
  void whatIsComparedIsInTheSamePart() {
    write("", "a1b2c3", "drain");
    write("later", "d4e5f6", "bulk");

    assertTrue(refusal().contains("drain and bulk"), refusal());
  }

  @Test
  void aReportOfNothingIsRefused() {
    assertTrue(Parts.read(directory.resolve("none")).byName().isEmpty());
    assertTrue(refusal().contains("no results"), refusal());
  }

  @Test
  void otherFilesAreNoParts() throws IOException {
    write("", "a1b2c3", "drain");
    Files.writeString(directory.resolve("results2.json"), "{}");

    assertEquals(List.of(""), List.copyOf(Parts.read(directory).byName().keySet()));
  }

  @Test
  void aPartHasAPlainName() {
    assertThrows(IllegalArgumentException.class, () -> Parts.file(directory, "../x"));
  }

  @Test
  void aPartOfWhichNothingIsLeftGoes() {
    write("later", "d4e5f6", "start");
    Path file = Parts.file(directory, "later");
    ResultsFile results = ResultsFile.read(file);

    results.remove((scenario, _) -> scenario.equals("start"));
    results.writeOrDelete(file);

    assertTrue(Files.notExists(file));
  }

  private String refusal() {
    return assertThrows(IllegalStateException.class, () -> Parts.read(directory).check())
        .getMessage();
  }

  private void write(String part, String revision, String... scenarios) {
    List<Measured> measured =
        Stream.of(scenarios)
            .map(scenario -> new Measured(scenario, "trunkline", 1, "drained", "tasks/s", 10))
            .toList();
    new ResultsFile(
            revision,
            Map.of("cores", "2"),
            Map.of(),
            Map.of("tasks", 10),
            new ArrayList<>(),
            Map.of(),
            new ArrayList<>(measured),
            new ArrayList<>())
        .write(Parts.file(directory, part));
  }
}
