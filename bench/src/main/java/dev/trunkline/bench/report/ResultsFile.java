package dev.trunkline.bench.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;

/**
 * What a file of results holds: everything that was measured of one revision of the service, on one
 * machine, by any number of runs.
 *
 * @param revision of the service
 * @param server settings of PostgreSQL
 * @param sizes how many tasks; see {@code Sizes}
 * @param contenders for each its version and settings
 */
public record ResultsFile(
    String revision,
    Map<String, String> machine,
    Map<String, String> server,
    Map<String, Integer> sizes,
    List<Invocation> runs,
    Map<String, Map<String, Object>> contenders,
    List<Measured> measured,
    List<Failure> failures) {

  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  public static ResultsFile read(Path file) {
    try {
      return MAPPER.readValue(file.toFile(), ResultsFile.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public void write(Path file) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      MAPPER.writeValue(file.toFile(), this);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As {@link #write}; where nothing is left of it, the file goes. */
  public void writeOrDelete(Path file) {
    if (!measured.isEmpty() || !failures.isEmpty()) {
      write(file);
      return;
    }
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Throws away what was measured of these, and what failed.
   *
   * @param which scenario and contender
   * @return whether there was any
   */
  public boolean remove(BiPredicate<String, String> which) {
    boolean numbers = measured.removeIf(m -> which.test(m.scenario(), m.contender()));
    return failures.removeIf(f -> which.test(f.scenario(), f.contender())) || numbers;
  }

  /** Those in which something was measured, in the order in which that began. */
  public List<String> scenarios() {
    return measured.stream().map(Measured::scenario).distinct().toList();
  }

  /**
   * One call of {@code bench/run}.
   *
   * @param harness the revision of what measures
   * @param date in UTC, as ISO 8601 writes it
   */
  public record Invocation(String date, String harness, List<String> arguments) {}

  /** One number of one round. */
  public record Measured(
      String scenario, String contender, int round, String what, String unit, double value) {}

  public record Failure(String scenario, String contender, int round, String why) {}
}
