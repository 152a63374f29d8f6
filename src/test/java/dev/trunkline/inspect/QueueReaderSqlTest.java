package dev.trunkline.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.trunkline.database.Tasks;
import dev.trunkline.database.TestDatabase;
import dev.trunkline.finish.AttemptEnd.Kind;
import dev.trunkline.finish.Ends;
import dev.trunkline.inspect.QueueStatus.Depth;
import dev.trunkline.task.Refusal;
import dev.trunkline.task.RefusedException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class QueueReaderSqlTest {

  private static final TestDatabase DATABASE = TestDatabase.fresh();

  private final QueueCounts counts = new QueueCounts(DATABASE.dataSource());
  private final QueueReader reader = new QueueReader(DATABASE.dataSource(), counts);

  @BeforeEach
  void empty() {
    DATABASE.update("truncate trunkline.task, trunkline.ready, trunkline.worker cascade");
    DATABASE.update("truncate trunkline.queue, trunkline.throughput");
    DATABASE.update("truncate trunkline.remote_worker, trunkline.remote_lease");
  }

  @Test
  void the_depth_tells_how_many_are_in_each_state_but_for_those_that_succeeded() {
    UUID worker = Tasks.worker(DATABASE, "w1");
    Tasks tasks = Tasks.in(DATABASE).queue("q");
    List<UUID> taken = tasks.many(6);
    Tasks.lease(DATABASE, worker, taken);
    Ends.writer(DATABASE.dataSource())
        .write(
            List.of(
                Ends.success(taken.get(0), 1),
                Ends.setback(taken.get(1), 1, Kind.REJECTED),
                Ends.setback(taken.get(2), 1, Kind.REJECTED),
                Ends.setback(taken.get(3), 1, Kind.CANCELLED)),
            List.of());
    tasks.many(2);
    tasks.priority(9).one();
    tasks.dueIn(Duration.ofHours(1)).many(5);
    Tasks.in(DATABASE).queue("other").many(7);

    Depth expected = new Depth(5, 3, 2, 2, 1);
    assertThat(reader.one("q").depth()).isEqualTo(expected);
    assertThat(all()).extracting(QueueStatus::name).containsExactly("other", "q");
    assertThat(all().getLast().depth()).isEqualTo(expected);
    assertThat(counts.refresh().get("q").depth()).isEqualTo(expected);
  }

  @Test
  void the_age_is_that_of_the_oldest_that_is_due() {
    Tasks tasks = Tasks.in(DATABASE).queue("q");
    tasks.priority(3).dueIn(Duration.ofSeconds(-50)).one();
    tasks.priority(8).dueIn(Duration.ofSeconds(-100)).one();
    Tasks.in(DATABASE).queue("later").dueIn(Duration.ofHours(1)).one();

    assertThat(reader.one("q").oldestDue().orElseThrow())
        .isBetween(Duration.ofSeconds(100), Duration.ofSeconds(130));
    assertThat(reader.one("later").oldestDue()).isEmpty();
  }

  @Test
  void a_large_queue_shows_the_last_count_and_of_when_it_is() {
    Tasks.in(DATABASE).queue("q").many(QueueReader.MOST + 10);
    counts.refresh();
    Tasks.in(DATABASE).queue("q").many(5);

    QueueStatus queue = reader.one("q");

    assertThat(queue.depth().queued()).isEqualTo(QueueReader.MOST + 10L);
    assertThat(queue.atLeast()).isFalse();
    assertThat(queue.countedAt()).isEqualTo(counts.last().get("q").at());
  }

  @Test
  void before_the_first_count_it_shows_how_many_there_are_at_least() {
    Tasks.in(DATABASE).queue("q").many(QueueReader.MOST + 10);

    QueueStatus queue = reader.one("q");

    assertThat(queue.depth().queued()).isEqualTo(QueueReader.MOST);
    assertThat(queue.atLeast()).isTrue();
  }

  @Test
  void nor_is_it_less_than_was_counted_now_where_the_last_count_found_fewer() {
    Tasks.in(DATABASE).queue("q").many(5);
    counts.refresh();
    Tasks.in(DATABASE).queue("q").many(QueueReader.MOST + 10);

    QueueStatus queue = reader.one("q");

    assertThat(queue.depth().queued()).isEqualTo(QueueReader.MOST);
    assertThat(queue.atLeast()).isTrue();
  }

  @Test
  void tasks_for_later_do_not_stand_in_front_of_the_count_of_those_that_are_due() {
    Tasks.in(DATABASE).queue("q").dueIn(Duration.ofHours(1)).many(QueueReader.MOST + 10);
    counts.refresh();
    Tasks.in(DATABASE).queue("q").many(3);

    assertThat(reader.one("q").depth().scheduled()).isEqualTo(QueueReader.MOST + 10L);
    assertThat(reader.one("q").depth().queued()).isEqualTo(3);
    assertThat(reader.one("q").atLeast()).isFalse();
  }

  @Test
  void many_queues_share_what_can_be_counted_at_once() {
    for (int i = 0; i < 5; i++) {
      Tasks.in(DATABASE).queue("q" + i).many(1);
    }
    Tasks.in(DATABASE).queue("large").many(QueueReader.MOST_OF_ALL / 6 + 1);

    assertThat(all()).filteredOn(QueueStatus::atLeast).hasSize(1);
    assertThat(reader.one("large").atLeast()).isFalse();
  }

  @Test
  void workers_are_those_that_live_and_take_from_it() {
    Tasks.in(DATABASE).queue("q").one();
    worker("null", "{}");
    worker("'{q,r}'", "{\"q\": 3}");
    worker("'{r}'", "{}");
    Tasks.silence(DATABASE, worker("null", "{}"));
    DATABASE.update(
        "update trunkline.worker set dead_at = now() where id = ?", worker("null", "{}"));

    assertThat(reader.one("q").workers()).isEqualTo(2);
    assertThat(reader.one("q").capacity()).isEqualTo(13);
  }

  @Test
  void what_runs_outside_of_the_service_is_running_too() {
    UUID task = Tasks.in(DATABASE).queue("q").one();
    Tasks.in(DATABASE).queue("other").one();
    RemoteWorkers.lease(DATABASE, "w-7", task);

    assertThat(reader.one("q").depth()).isEqualTo(new Depth(0, 0, 1, 0, 0));
    assertThat(counts.refresh().get("q").depth()).isEqualTo(new Depth(0, 0, 1, 0, 0));
  }

  @Test
  void who_works_over_http_is_a_worker_too_while_it_asks_or_holds_a_lease() {
    UUID task = Tasks.in(DATABASE).queue("q").one();
    RemoteWorkers.asks(DATABASE, "of-types", "t", null, 3);
    RemoteWorkers.asks(DATABASE, "of-queues", null, "q,r", 4);
    RemoteWorkers.asks(DATABASE, "of-others", null, "r", 5);
    RemoteWorkers.hasGone(DATABASE, RemoteWorkers.asks(DATABASE, "gone", "t", null, 6));
    RemoteWorkers.hasGone(DATABASE, RemoteWorkers.asks(DATABASE, "busy", "t", null, 7));
    RemoteWorkers.lease(DATABASE, "busy", task);

    assertThat(reader.one("q").workers()).isEqualTo(3);
    assertThat(reader.one("q").capacity()).isEqualTo(3 + 4 + 7);
  }

  @Test
  void a_page_goes_on_behind_a_name_and_tells_that_there_is_more() {
    for (String name : List.of("b", "a.c", "a", "c", "a-c")) {
      Tasks.in(DATABASE).queue(name).one();
    }

    assertThat(reader.page("", 2)).extracting(QueueStatus::name).containsExactly("a", "a-c", "a.c");
    assertThat(reader.page("a-c", 2))
        .extracting(QueueStatus::name)
        .containsExactly("a.c", "b", "c");
    assertThat(reader.page("b", 2)).extracting(QueueStatus::name).containsExactly("c");
    assertThat(reader.page("c", 2)).isEmpty();
  }

  @Test
  void throughput_is_the_sum_over_those_who_have_measured_it_lately() {
    Tasks.in(DATABASE).queue("q").one();
    DATABASE.update(
        """
        insert into trunkline.throughput (process, queue, attempts, succeeded, measured_at)
        values (gen_random_uuid(), 'q', 10, 7, now()), (gen_random_uuid(), 'q', 5, 5, now()),
          (gen_random_uuid(), 'other', 5, 5, now()),
          (gen_random_uuid(), 'q', 100, 100, now() - interval '20 s')
        """);

    assertThat(reader.one("q").attempts()).isEqualTo(15);
    assertThat(reader.one("q").succeeded()).isEqualTo(12);
  }

  @Test
  void a_paused_one_says_since_when() {
    Tasks.in(DATABASE).queue("q").one();
    assertThat(reader.one("q").pausedAt()).isEmpty();
    DATABASE.update("update trunkline.queue set paused_at = '2026-01-02T03:04:05Z'");

    assertThat(reader.one("q").pausedAt().orElseThrow()).hasToString("2026-01-02T03:04:05Z");
  }

  @Test
  void one_that_is_not_there_is_said_not_to_be_there() {
    assertThatThrownBy(() -> reader.one("nowhere"))
        .isInstanceOfSatisfying(
            RefusedException.class,
            refused -> assertThat(refused.refusal()).isEqualTo(new Refusal.NoSuchQueue("nowhere")));
  }

  private List<QueueStatus> all() {
    return reader.page("", 100);
  }

  private static UUID worker(String queues, String capacities) {
    UUID worker = Tasks.worker(DATABASE, "w");
    DATABASE.update(
        "update trunkline.worker set capacity = 10, queues = "
            + queues
            + ", capacities = '"
            + capacities
            + "' where id = ?",
        worker);
    return worker;
  }
}
