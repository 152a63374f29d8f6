package dev.trunkline.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.trunkline.database.Crowd;
import dev.trunkline.database.StoreException;
import dev.trunkline.database.Tasks;
import dev.trunkline.database.TestDatabase;
import dev.trunkline.database.Unreachable;
import dev.trunkline.task.RefusedException;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

class TaskReaderSqlTest {

  private static final TestDatabase DATABASE = TestDatabase.fresh();

  private final AtomicInteger connections = new AtomicInteger();
  private final TaskReader reader =
      reader(Unreachable.after(connections::incrementAndGet, DATABASE.dataSource()));

  @Test
  void a_crowd_is_answered_each_his_own_and_shares_statements() throws Exception {
    List<UUID> tasks = Tasks.in(DATABASE).many(50);

    List<UUID> answers =
        Crowd.run(
            tasks.stream()
                .map(id -> (Callable<UUID>) () -> reader.snapshot(id.toString()).id())
                .toList());

    assertThat(answers).isEqualTo(tasks);
    assertThat(connections.get()).isLessThan(50);
  }

  @Test
  void several_may_ask_for_the_same_task_and_for_one_that_is_not_there() throws Exception {
    String id = Tasks.in(DATABASE).one().toString();
    List<Callable<Boolean>> asked =
        List.of(
            () -> reader.snapshot(id).isFinal(),
            () -> reader.snapshot(id.toUpperCase(Locale.ROOT)).isFinal(),
            () -> isRefused(UUID.randomUUID().toString()),
            () -> isRefused("nonsense"),
            () -> reader.snapshot(id).isFinal());

    assertThat(Crowd.run(asked)).containsExactly(false, false, true, true, false);
  }

  @Test
  void a_crowd_that_asks_for_long_results_has_only_some_of_them_in_memory() throws Exception {
    TestDatabase database = TestDatabase.fresh();
    List<UUID> tasks = Tasks.in(database).many(50);
    database.update("update trunkline.task set payload = to_jsonb(repeat('x', 1000000))");
    database.limitResults("12M");
    TaskReader limited = reader(database.dataSource());

    assertThat(
            Crowd.run(
                tasks.stream()
                    .map(id -> (Callable<UUID>) () -> limited.snapshot(id.toString()).id())
                    .toList()))
        .isEqualTo(tasks);
  }

  @Test
  void without_a_database_everybody_hears_of_it() {
    TaskReader away = reader(Unreachable.times(1, DATABASE.dataSource()));

    assertThatThrownBy(() -> away.snapshot(UUID.randomUUID().toString()))
        .isInstanceOf(StoreException.class);
  }

  private boolean isRefused(String id) {
    try {
      reader.snapshot(id);
      return false;
    } catch (RefusedException refused) {
      return true;
    }
  }

  private static TaskReader reader(DataSource dataSource) {
    ObjectMapper mapper = new ObjectMapper().registerModule(new JavaTimeModule());
    return new TaskReader(dataSource, new WatchReader(dataSource, new Snapshots(mapper)));
  }
}
