package dev.trunkline.remote;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trunkline.claim.RemoteClaims;
import dev.trunkline.database.Crowd;
import dev.trunkline.database.Tasks;
import dev.trunkline.database.TestDatabase;
import dev.trunkline.maintain.Rescues;
import dev.trunkline.task.AttemptToken;
import dev.trunkline.task.Refusal;
import dev.trunkline.task.RefusedException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Workers that finish at the moment at which their leases are over and taken from them. */
@Timeout(120)
class LeaseRaceSqlTest {

  private static final TestDatabase DATABASE = TestDatabase.fresh();
  private static final int TASKS = 600;

  private final Outside outside = new Outside(DATABASE);

  @Test
  void whoever_completes_while_the_lease_ends_has_either_all_of_it_or_nothing() throws Exception {
    List<UUID> ids = Tasks.in(DATABASE).many(TASKS);
    assertThat(RemoteClaims.ofType("test").atMost(TASKS).idsOn(DATABASE)).hasSize(TASKS);
    UUID neverLate = ids.getFirst();
    outside.expire(ids.getLast());
    Queue<UUID> finished = new ConcurrentLinkedQueue<>(shuffled(ids));
    Set<UUID> told = Collections.synchronizedSet(new HashSet<>());
    List<Callable<Boolean>> work = new ArrayList<>();
    work.addAll(Collections.nCopies(4, () -> completeAll(finished, told)));
    work.add(() -> expireAll(shuffled(ids.subList(1, TASKS))));
    work.addAll(Collections.nCopies(2, this::rescueAll));

    Crowd.run(work);

    assertThat(told).contains(neverLate).doesNotContain(ids.getLast());
    assertThat(ids).allSatisfy(id -> assertThat(fate(id)).isEqualTo(fate(told.contains(id))));
    assertThat(DATABASE.rows("select from trunkline.remote_lease")).isEmpty();
  }

  private boolean completeAll(Queue<UUID> finished, Set<UUID> told) {
    for (UUID id; (id = finished.poll()) != null; ) {
      try {
        outside.held.complete(outside.tokens.seal(new AttemptToken(id, 1)), "1");
        told.add(id);
      } catch (RefusedException lost) {
        assertThat(lost.refusal()).isEqualTo(new Refusal.LeaseLost(id));
      }
    }
    return true;
  }

  private boolean expireAll(List<UUID> ids) {
    ids.forEach(outside::expire);
    return true;
  }

  private boolean rescueAll() {
    while (DATABASE.count("select count(*) from trunkline.remote_lease") > 0) {
      Rescues.ofLeases(DATABASE);
    }
    return true;
  }

  private static String fate(boolean told) {
    return told ? "succeeded, attempt 1, 0 lost, 0 waiting" : "open, attempt 2, 1 lost, 1 waiting";
  }

  private static String fate(UUID id) {
    return DATABASE.value(
        String.class,
        """
        select format('%s, attempt %s, %s lost, %s waiting', state, attempt,
          (select count(*) from trunkline.attempt where task_id = t.id and outcome = 'worker-lost'),
          (select count(*) from trunkline.ready where task_id = t.id))
        from trunkline.task t where id = ?
        """,
        id);
  }

  private static List<UUID> shuffled(List<UUID> ids) {
    List<UUID> shuffled = new ArrayList<>(ids);
    Collections.shuffle(shuffled);
    return shuffled;
  }
}
