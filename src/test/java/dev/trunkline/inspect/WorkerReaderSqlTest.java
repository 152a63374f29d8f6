package dev.trunkline.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trunkline.database.Tasks;
import dev.trunkline.database.TestDatabase;
import dev.trunkline.finish.Ends;
import dev.trunkline.inspect.WorkerStatus.Kind;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WorkerReaderSqlTest {

  private static final TestDatabase DATABASE = TestDatabase.fresh();

  private final WorkerReader reader = new WorkerReader(DATABASE.dataSource());

  @BeforeEach
  void empty() {
    DATABASE.update("truncate trunkline.task, trunkline.ready, trunkline.worker cascade");
    DATABASE.update("truncate trunkline.remote_worker, trunkline.remote_lease");
  }

  @Test
  void those_that_live_are_listed_by_name() {
    UUID second = Tasks.worker(DATABASE, "two");
    UUID first = Tasks.worker(DATABASE, "one");
    Tasks.silence(DATABASE, Tasks.worker(DATABASE, "silent"));
    DATABASE.update(
        "update trunkline.worker set dead_at = now() where id = ?", Tasks.worker(DATABASE, "dead"));

    assertThat(all())
        .extracting(WorkerStatus::id)
        .containsExactly(Optional.of(first), Optional.of(second));
    assertThat(all().getFirst().kind()).isEqualTo(Kind.PROCESS);
    assertThat(all().getFirst().heartbeatAt()).isNotNull();
  }

  @Test
  void each_says_what_it_can_do() {
    UUID worker = Tasks.worker(DATABASE, "one");
    DATABASE.update(
        """
        update trunkline.worker
        set types = '{a,b}', queues = '{q}', capacity = 7, capacities = '{"chess": 2}'
        where id = ?
        """,
        worker);
    Tasks.worker(DATABASE, "silent");

    WorkerStatus one = all().getFirst();
    assertThat(one.types()).contains(List.of("a", "b"));
    assertThat(one.queues()).contains(List.of("q"));
    assertThat(one.capacity()).contains(7);
    assertThat(one.capacities()).isEqualTo("{\"chess\": 2}");
    assertThat(all().getLast().types()).isEqualTo(Optional.empty());
    assertThat(all().getLast().queues()).isEqualTo(Optional.empty());
    assertThat(all().getLast().capacity()).isEqualTo(Optional.empty());
  }

  @Test
  void each_says_what_it_runs_now_and_a_hundred_ids_of_it() {
    UUID worker = Tasks.worker(DATABASE, "one");
    List<UUID> ended = Tasks.in(DATABASE).many(1);
    List<UUID> running = Tasks.in(DATABASE).many(120);
    Tasks.lease(DATABASE, worker, ended);
    Tasks.lease(DATABASE, worker, running);
    Tasks.lease(DATABASE, Tasks.worker(DATABASE, "two"), Tasks.in(DATABASE).many(3));
    Ends.writer(DATABASE.dataSource()).write(List.of(Ends.success(ended.getFirst(), 1)), List.of());

    WorkerStatus one = all().getFirst();

    assertThat(one.name()).isEqualTo("one");
    assertThat(one.running()).isEqualTo(120);
    assertThat(running).containsAll(one.tasks());
    assertThat(one.tasks()).hasSize(100).doesNotHaveDuplicates();
  }

  @Test
  void who_works_over_http_is_one_for_each_name_whatever_it_asks_for() {
    RemoteWorkers.asks(DATABASE, "w-7", "b,a", null, 3);
    RemoteWorkers.asks(DATABASE, "w-7", "a,c", null, 5);
    RemoteWorkers.asks(DATABASE, "w-8", null, "q", 1);
    RemoteWorkers.hasGone(DATABASE, RemoteWorkers.asks(DATABASE, "w-9", "a", null, 1));

    List<WorkerStatus> workers = all();

    assertThat(workers).extracting(WorkerStatus::name).containsExactly("w-7", "w-8");
    WorkerStatus one = workers.getFirst();
    assertThat(one.kind()).isEqualTo(Kind.HTTP);
    assertThat(one.id()).isEmpty();
    assertThat(one.types()).contains(List.of("a", "b", "c"));
    assertThat(one.queues()).isEmpty();
    assertThat(one.capacity()).contains(5);
    assertThat(one.running()).isZero();
    assertThat(one.tasks()).isEmpty();
    assertThat(workers.getLast().types()).isEmpty();
    assertThat(workers.getLast().queues()).contains(List.of("q"));
  }

  @Test
  void what_it_runs_are_its_leases_and_while_it_has_one_it_lives() {
    List<UUID> tasks = Tasks.in(DATABASE).many(3);
    RemoteWorkers.hasGone(DATABASE, RemoteWorkers.asks(DATABASE, "w-7", "a", null, 3));
    RemoteWorkers.lease(DATABASE, "w-7", tasks.get(0));
    RemoteWorkers.lease(DATABASE, "forgotten", tasks.get(1));
    RemoteWorkers.lease(DATABASE, "too-late", tasks.get(2));
    RemoteWorkers.expire(DATABASE, tasks.get(2));

    List<WorkerStatus> workers = all();

    assertThat(workers).extracting(WorkerStatus::name).containsExactly("forgotten", "w-7");
    assertThat(workers.getLast().types()).contains(List.of("a"));
    assertThat(workers.getLast().running()).isEqualTo(1);
    assertThat(workers.getLast().tasks()).containsExactly(tasks.get(0));
    assertThat(workers.getLast().expiresAt()).isAfter(workers.getLast().heartbeatAt());
    assertThat(workers.getFirst().types()).isEmpty();
    assertThat(workers.getFirst().capacity()).isEmpty();
  }

  @Test
  void its_last_sign_of_life_is_a_request_or_a_heartbeat() {
    UUID task = Tasks.in(DATABASE).one();
    RemoteWorkers.asks(DATABASE, "w-7", "a", null, 3);
    DATABASE.update("update trunkline.remote_worker set heartbeat_at = '2026-01-02T03:04:05Z'");
    assertThat(all().getFirst().heartbeatAt()).hasToString("2026-01-02T03:04:05Z");

    RemoteWorkers.lease(DATABASE, "w-7", task);
    DATABASE.update("update trunkline.remote_lease set heartbeat_at = '2026-02-03T04:05:06Z'");

    assertThat(all().getFirst().heartbeatAt()).hasToString("2026-02-03T04:05:06Z");
  }

  @Test
  void a_page_goes_on_behind_a_place_and_tells_that_there_is_more() {
    Tasks.worker(DATABASE, "b");
    Tasks.worker(DATABASE, "a");
    Tasks.worker(DATABASE, "a");
    RemoteWorkers.asks(DATABASE, "a", "t", null, 1);

    List<WorkerStatus> first = reader.page("", 2);
    assertThat(first).extracting(WorkerStatus::name).containsExactly("a", "a", "a");
    assertThat(first.getFirst().kind()).isEqualTo(Kind.HTTP);
    List<WorkerStatus> second = reader.page(first.get(1).place(), 2);

    assertThat(second).extracting(WorkerStatus::name).containsExactly("a", "b");
    assertThat(second.getFirst().id()).isEqualTo(first.get(2).id());
  }

  private List<WorkerStatus> all() {
    return reader.page("", 100);
  }
}
