package dev.trunkline.maintain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trunkline.database.Crowd;
import dev.trunkline.database.TestDatabase;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

class NewQueuesSqlTest {

  private static final TestDatabase DATABASE = TestDatabase.fresh();

  private final NewQueues queues = new NewQueues(DATABASE.dataSource());

  @Test
  void a_noted_queue_is_taken_up_once() {
    DATABASE.update("insert into trunkline.new_queue values ('a'), ('b'), ('a')");

    assertThat(queues.runOnce()).isTrue();
    assertThat(queues.runOnce()).isFalse();

    assertThat(DATABASE.column(String.class, "select name from trunkline.queue order by name"))
        .contains("a", "b");
    assertThat(DATABASE.count("select count(*) from trunkline.new_queue")).isZero();
  }

  @Test
  void one_that_is_there_already_stays_as_it_is() {
    DATABASE.update("insert into trunkline.queue (name, paused_at) values ('there', now())");
    DATABASE.update("insert into trunkline.new_queue values ('there')");

    assertThat(queues.runOnce()).isFalse();

    assertThat(
            DATABASE.count(
                "select count(*) from trunkline.queue where name = 'there' and paused_at is not"
                    + " null"))
        .isEqualTo(1);
  }

  @Test
  void many_at_once_do_no_harm() throws Exception {
    DATABASE.update(
        "insert into trunkline.new_queue select 'q' || i % 50 from generate_series(1, 500) as s"
            + " (i)");
    Callable<Boolean> turn = queues::runOnce;

    List<Boolean> found = Crowd.run(Collections.nCopies(8, turn));

    assertThat(found).contains(true);
    assertThat(DATABASE.count("select count(*) from trunkline.queue where name ~ '^q[0-9]+$'"))
        .isEqualTo(50);
  }
}
