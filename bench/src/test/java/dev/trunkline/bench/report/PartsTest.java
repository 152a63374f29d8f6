package dev.trunkline.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.trunkline.bench.report.ResultsFile.Measured;
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

    Exception refused = assertThrows(IllegalStateException.class, () -> Parts.read(directory));

    assertTrue(refused.getMessage().contains("submit"), refused.getMessage());
  }

  @Test
  void aDirectoryThatIsNotThereHasNone() {
    assertTrue(Parts.read(directory.resolve("none")).byName().isEmpty());
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
