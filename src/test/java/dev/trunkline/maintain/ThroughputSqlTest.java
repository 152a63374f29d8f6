package dev.trunkline.maintain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trunkline.database.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ThroughputSqlTest {

  private static final TestDatabase DATABASE = TestDatabase.fresh();

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Throughput throughput = new Throughput(DATABASE.dataSource(), meters);

  @BeforeEach
  void empty() {
    DATABASE.update("truncate trunkline.throughput");
  }

  @Test
  void what_has_ended_is_told_by_queue_however_it_ended() {
    ended("q", "succeeded", 5);
    ended("q", "failed", 2);
    ended("r", "timed-out", 1);
    ended("r", "lease-lost", 9);

    throughput.runOnce();

    assertThat(rows())
        .containsExactly(
            Map.of("queue", "q", "attempts", 7, "succeeded", 5),
            Map.of("queue", "r", "attempts", 1, "succeeded", 0));
  }

  @Test
  void after_a_minute_it_is_told_no_more() {
    ended("q", "succeeded", 5);
    throughput.runOnce();
    for (int i = 1; i < Throughput.CALLS; i++) {
      throughput.runOnce();
    }
    ended("r", "succeeded", 1);
    assertThat(rows()).hasSize(1);

    throughput.runOnce();

    assertThat(rows()).containsExactly(Map.of("queue", "r", "attempts", 1, "succeeded", 1));
  }

  @Test
  void two_processes_write_rows_of_their_own() {
    ended("q", "succeeded", 5);

    throughput.runOnce();
    new Throughput(DATABASE.dataSource(), meters).runOnce();

    assertThat(rows()).hasSize(2);
  }

  @Test
  void what_a_process_has_left_behind_is_forgotten() {
    DATABASE.update(
        "insert into trunkline.throughput"
            + " values (gen_random_uuid(), 'q', 1, 1, now() - interval '2 hours')");
    ended("r", "succeeded", 1);

    throughput.runOnce();

    assertThat(rows()).extracting(row -> row.get("queue")).containsExactly("r");
  }

  @Test
  void while_nothing_ends_nothing_is_written() {
    throughput.runOnce();
    assertThat(rows()).isEmpty();
    ended("q", "succeeded", 5);
    for (int i = 0; i <= Throughput.CALLS; i++) {
      throughput.runOnce();
    }

    assertThat(rows()).isEmpty();
  }

  private void ended(String queue, String outcome, int count) {
    meters
        .counter("trunkline.attempts", "queue", queue, "outcome", outcome, "type", "t")
        .increment(count);
  }

  private static List<Map<String, Object>> rows() {
    return DATABASE.rows(
        "select queue, attempts, succeeded from trunkline.throughput order by queue");
  }
}
