package dev.trunkline.bench.peers;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A task queue to compare with: says how its library does a thing, while {@link Protocol} measures.
 *
 * <p>A task's payload is {@code {"text": "…"}}, of which only the text is passed around here. Its
 * handler hands that text to a consumer and ends.
 */
interface Peer extends AutoCloseable {
  /** Migrates and connects; no task runs before {@link #startWorker}. */
  Setup setup() throws Exception;

  /** Stores one task for each text by the library's bulk call; due now where no moment is given. */
  void addMany(Stream<String> texts, Optional<Instant> due) throws Exception;

  /** Stores one task by the ordinary call, through the connections of an ordinary application. */
  void submit(String text) throws Exception;

  /** Opens as many connections, through which as many threads submit. */
  Callers openCallers(int count) throws Exception;

  /** Runs every task that is due, until {@link #stopWorker}; the consumer returns at once. */
  void startWorker(Consumer<String> onTask) throws Exception;

  void stopWorker() throws Exception;

  /** Asks the database whether a task that is due has not been completed. */
  boolean hasUnfinished() throws Exception;

  /** The version of a library, which the name of its jar ends with. */
  static String versionOf(Class<?> type) {
    var jar = type.getProtectionDomain().getCodeSource().getLocation().getPath();
    return jar.substring(jar.lastIndexOf('-') + 1, jar.lastIndexOf(".jar"));
  }

  /** The version of the library, and what of its settings is not the default. */
  record Setup(String version, Map<String, Object> settings) {}

  interface Callers extends AutoCloseable {
    /** As {@link Peer#submit}. */
    void submit(String text) throws Exception;
  }
}
