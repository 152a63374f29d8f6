package dev.trunkline.bench;

import dev.trunkline.bench.DatabaseServer.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** When handlers began, beside when their submissions were answered; by one machine's clock. */
record StartTimes(Database database) {

  private static final Duration WARM_UP = Duration.ofSeconds(5);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);
  private static final int CONNECTIONS = 64;

  private static final String WAITING =
      """
      select (select count(*) from trunkline.ready) + (select count(*) from trunkline.lease)
      """;

  /** Of a handler, {@code bench.clock}, whose result is the moment when it began. */
  private static final String BEGUN =
      """
      select id::text, result::text::bigint from trunkline.task
      where id = any(?::uuid[]) and state = 'succeeded'
      """;

  /** Submits at a steady rate to the process at that port, while the queue is drained. */
  Latency measure(int port, int rate, Duration duration, int bytes) {
    HttpLoad.Post post = HttpLoad.Post.of(Trunkline.TASKS, Trunkline.clock(bytes));
    try (HttpLoad load = new HttpLoad(port, CONNECTIONS)) {
      load.steady(rate, WARM_UP, post);
      Map<String, Long> answers = load.steady(rate, duration, post);
      awaitEmpty();
      return Latency.of(begun(answers));
    }
  }

  /** Waits until nothing is queued or running. */
  void awaitEmpty() {
    Waiting.until(() -> database.number(WAITING) == 0, BETWEEN_LOOKS, "done with all tasks");
  }

  /** In milliseconds, ascending. */
  private double[] begun(Map<String, Long> answers) {
    List<Double> latencies = new ArrayList<>();
    try (Connection connection = database.observe();
        PreparedStatement statement = connection.prepareStatement(BEGUN)) {
      statement.setArray(1, connection.createArrayOf("text", answers.keySet().toArray()));
      ResultSet rows = statement.executeQuery();
      while (rows.next()) {
        latencies.add((rows.getLong(2) - answers.get(rows.getString(1))) / 1e3);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    if (latencies.size() != answers.size()) {
      throw new IllegalStateException(
          latencies.size() + " of " + answers.size() + " tasks succeeded");
    }
    return latencies.stream().mapToDouble(Double::doubleValue).sorted().toArray();
  }
}
