package dev.trunkline.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Everything that was measured, written after each value: a run that is cut off has its results.
 */
final class Results {

  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private final Path file;
  private final Map<String, Object> server;
  private final Map<String, Object> contenders = new TreeMap<>();
  private final List<Measured> measured = new ArrayList<>();
  private final List<Failure> failures = new ArrayList<>();

  Results(Path directory, Map<String, Object> server) {
    this.file = directory.resolve("results.json");
    this.server = server;
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void facts(String contender, Map<String, Object> facts) {
    contenders.put(contender, facts);
  }

  void add(String scenario, String contender, int round, Value value) {
    System.out.printf(
        "%d %-8s %-24s %-36s %,14.3f %s%n",
        round, scenario, contender, value.what(), value.value(), value.unit());
    measured.add(
        new Measured(scenario, contender, round, value.what(), value.unit(), value.value()));
    write();
  }

  void failed(String scenario, String contender, int round, RuntimeException e) {
    failures.add(new Failure(scenario, contender, round, String.valueOf(e.getMessage())));
    write();
  }

  private void write() {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("server", server);
    all.put("contenders", contenders);
    all.put("measured", measured);
    all.put("failures", failures);
    try {
      MAPPER.writeValue(file.toFile(), all);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One number. */
  record Value(String what, String unit, double value) {}

  record Measured(
      String scenario, String contender, int round, String what, String unit, double value) {}

  record Failure(String scenario, String contender, int round, String why) {}
}
