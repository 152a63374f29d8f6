package dev.trunkline.remote;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trunkline.database.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PresenceSqlTest {

  private static final TestDatabase DATABASE = TestDatabase.fresh();
  private static final Want TEST = new Want.Types(List.of("test"));

  @BeforeEach
  void empty() {
    DATABASE.update("truncate trunkline.remote_worker");
  }

  @Test
  void who_asks_is_written_down_with_what_it_asks_for_and_when() {
    seen(TEST, 7);

    assertThat(
            DATABASE.row(
                """
                select name, types::text, queues::text, capacity, started_at = heartbeat_at as new,
                  expires_at = heartbeat_at + interval '80 s' as lives
                from trunkline.remote_worker
                """))
        .containsEntry("name", "w-7")
        .containsEntry("types", "{test}")
        .containsEntry("queues", null)
        .containsEntry("capacity", 7)
        .containsEntry("new", true)
        .containsEntry("lives", true);
  }

  @Test
  void the_most_that_it_has_asked_for_counts() {
    seen(TEST, 7);
    seen(TEST, 3);
    assertThat(capacity()).isEqualTo(7);
    seen(TEST, 9);
    assertThat(capacity()).isEqualTo(9);
  }

  @Test
  void one_that_comes_back_after_it_was_given_up_begins_anew() {
    seen(TEST, 7);
    DATABASE.update(
        """
        update trunkline.remote_worker
        set started_at = '2026-01-01', heartbeat_at = '2026-01-01', expires_at = '2026-01-02'
        """);

    seen(TEST, 3);

    assertThat(capacity()).isEqualTo(3);
    assertThat(since()).containsEntry("long_ago", false).containsEntry("now", true);
  }

  @Test
  void one_that_goes_on_asking_is_there_since_it_began() {
    seen(TEST, 7);
    DATABASE.update(
        "update trunkline.remote_worker set started_at = '2026-01-01', heartbeat_at ="
            + " '2026-01-01'");

    seen(TEST, 7);

    assertThat(since()).containsEntry("long_ago", true).containsEntry("now", true);
  }

  @Test
  void one_that_was_just_written_is_not_written_again() {
    Presence presence = new Presence(DATABASE.dataSource());
    presence.note(ask(TEST, 1));
    presence.write();
    DATABASE.update("truncate trunkline.remote_worker");

    presence.note(ask(TEST, 1));
    presence.write();

    assertThat(DATABASE.count("select count(*) from trunkline.remote_worker")).isZero();
  }

  /** At a process that has not seen it before. */
  private static void seen(Want want, int max) {
    Presence presence = new Presence(DATABASE.dataSource());
    presence.note(ask(want, max));
    presence.write();
  }

  private static Ask ask(Want want, int max) {
    return new Ask(want, "w-7", max, Duration.ofSeconds(30), Duration.ofSeconds(20));
  }

  private static int capacity() {
    return DATABASE.value(Integer.class, "select capacity from trunkline.remote_worker");
  }

  private static Map<String, Object> since() {
    return DATABASE.row(
        """
        select started_at = '2026-01-01' as long_ago,
          heartbeat_at > now() - interval '1 minute' as now
        from trunkline.remote_worker
        """);
  }
}
