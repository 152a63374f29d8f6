package dev.trunkline.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What runs the service: the words of a command before its properties, and after them. */
record Launch(List<String> before, List<String> after) {

  static final Path JAR = Path.of("bench", "target", "service", "quarkus-app", "quarkus-run.jar");

  /** The Java that the harness runs on; {@code BENCH_JAVA_OPTIONS} is for a profiler, say. */
  static Launch java(String... options) {
    List<String> words = new ArrayList<>(List.of(Processes.JAVA));
    String given = System.getenv().getOrDefault("BENCH_JAVA_OPTIONS", "");
    Stream.of(given.split(" ")).filter(option -> !option.isBlank()).forEach(words::add);
    words.addAll(List.of(options));
    return new Launch(words, List.of("-jar", JAR.toString()));
  }

  /** The binary that {@code BENCH_NATIVE} names, where it does. */
  static Optional<Launch> nativeBinary() {
    return Optional.ofNullable(System.getenv("BENCH_NATIVE"))
        .map(binary -> new Launch(List.of(binary), List.of()));
  }

  List<String> command(List<String> properties) {
    return Stream.of(before, properties, after).flatMap(List::stream).toList();
  }
}
