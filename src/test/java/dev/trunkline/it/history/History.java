package dev.trunkline.it.history;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The history of one run of a scenario: {@code target/fire/<scenario>-<n>/} with a file for each
 * process that took part, put together as {@code target/fire/<scenario>-<n>.jsonl} when it is
 * judged. Thread-safe.
 */
public final class History implements AutoCloseable {

  private static final Path ROOT = Path.of("target", "fire");

  private final Path directory;
  private final EventFile own;

  private History(Path directory) {
    this.directory = directory;
    this.own = new EventFile(directory.resolve("scenario.jsonl"));
  }

  /** Begins the next run of a scenario, and tells people with which seed. */
  public static History begin(String scenario, long seed) {
    History history = new History(nextDirectory(scenario));
    history.add(new Event.Began(Instant.now(), "scenario", scenario, seed));
    System.out.printf("%s, seed %d: %s.jsonl%n", scenario, seed, history.directory);
    return history;
  }

  /** Something that the test's own process did or saw. */
  public void add(Event event) {
    own.append(event);
  }

  /** What the scenario does to somebody, written down before it does it. */
  public void fault(String who, String what) {
    add(new Event.Fault(Instant.now(), who, what));
  }

  /** Where a process of this name writes its events; all lives of it append to the same file. */
  public Path fileOf(String process) {
    return directory.resolve(process + ".jsonl").toAbsolutePath();
  }

  /** Everything that has been written so far, in one file too, in the order of the clock. */
  public List<Event> merged() {
    List<Event> events = new ArrayList<>();
    for (Path file : files()) {
      events.addAll(EventFile.read(file));
    }
    events.sort(Comparator.comparing(Event::at));
    Path together = directory.resolveSibling(directory.getFileName() + ".jsonl");
    try {
      Files.deleteIfExists(together);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    try (EventFile file = new EventFile(together)) {
      events.forEach(file::append);
    }
    return events;
  }

  /** What is wrong with it so far, for an assertion that there is nothing. */
  public List<Violation> violations() {
    return new Checker(merged()).violations();
  }

  @Override
  public void close() {
    own.close();
  }

  private List<Path> files() {
    try (Stream<Path> all = Files.list(directory)) {
      return all.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static synchronized Path nextDirectory(String scenario) {
    try {
      Files.createDirectories(ROOT);
      int n = 1;
      while (Files.exists(ROOT.resolve(scenario + "-" + n))) {
        n++;
      }
      return Files.createDirectory(ROOT.resolve(scenario + "-" + n));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
