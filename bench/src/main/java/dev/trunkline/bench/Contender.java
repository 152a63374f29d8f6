package dev.trunkline.bench;

import java.time.Duration;
import java.util.Map;

/** A queue under measurement, on a database of its own. */
interface Contender extends AutoCloseable {

  /**
   * Makes its schema and connects.
   *
   * @return version and settings, for the report
   */
  Map<String, Object> setUp();

  /** Stores tasks that are due, by the call made for many, while no worker runs. */
  Count load(int tasks, int bytes);

  /** As {@link #load}, due in seven days. */
  Count schedule(int tasks, int bytes);

  /** Runs as many due tasks as there are, from the first start until the last end is committed. */
  Count drain(int tasks);

  /** One task for each call, by as many callers at once, while no worker runs. */
  Count submit(int callers, Duration duration, int bytes);

  /** From a submission's answer to the start of its handler, at a steady rate, otherwise idle. */
  Latency latency(int rate, Duration duration, int bytes);

  /** Has a worker that finds nothing to do for so long. */
  void idle(Duration duration);

  /** The process to look at while it idles. */
  ProcessHandle process();

  @Override
  void close();
}
