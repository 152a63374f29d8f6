package dev.trunkline.bench;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How much is measured; smaller for a look.
 *
 * @param tasks of one measured drain
 * @param history finished tasks in the table, beside a tenth as many each that are scheduled and in
 *     a paused queue
 * @param queues that the tasks of a drain are spread over
 * @param seconds of one measured submission at full speed; steady rates last twice as long
 * @param idle seconds of idling
 */
record Sizes(int tasks, int history, int queues, int seconds, int idle) {

  static final int BYTES = 100;
  static final int MANY_BYTES = 10_000;

  Duration submitting() {
    return Duration.ofSeconds(seconds);
  }

  Duration steady() {
    return Duration.ofSeconds(2L * seconds);
  }

  Duration idling() {
    return Duration.ofSeconds(idle);
  }

  Map<String, Integer> all() {
    Map<String, Integer> all = new LinkedHashMap<>();
    all.put("tasks", tasks);
    all.put("history", history);
    all.put("queues", queues);
    all.put("seconds", seconds);
    all.put("idle", idle);
    return all;
  }
}
