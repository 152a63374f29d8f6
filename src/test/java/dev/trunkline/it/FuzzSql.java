package dev.trunkline.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trunkline.it.fuzz.Ledger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;

/** What holds between the tables whenever no transaction is open: nothing is half done. */
final class FuzzSql {

  /** Each finds what must not be. */
  private static final Map<String, String> NEVER =
      Map.of(
          "open, and neither ready nor in a lease",
          """
          select t.id from trunkline.task t
          where t.state = 'open'
            and not exists (select from trunkline.ready r where r.task_id = t.id)
            and not exists (
              select from trunkline.lease l, unnest(l.task_ids, l.attempts) as member (id, attempt)
              where member.id = t.id and member.attempt = t.attempt)
            and not exists (
              select from trunkline.remote_lease l
              where l.task_id = t.id and l.attempt = t.attempt)
          """,
          "ready otherwise than its task says",
          """
          select r.task_id from trunkline.ready r
          left join trunkline.task t on t.id = r.task_id
          where t.id is null or t.state <> 'open'
            or (r.queue, r.priority, r.due, r.type) is distinct from (t.queue, t.priority, t.run_at, t.type)
          """,
          "ready and leased at once",
          """
          select r.task_id from trunkline.ready r
          join trunkline.task t on t.id = r.task_id
          join trunkline.lease l on t.id = any(l.task_ids)
          where l.attempts[array_position(l.task_ids, t.id)] = t.attempt
          union all
          select r.task_id from trunkline.ready r
          join trunkline.task t on t.id = r.task_id
          join trunkline.remote_lease l on l.task_id = t.id and l.attempt = t.attempt
          """,
          "unsuccessful otherwise than its task says",
          """
          select coalesce(t.id, u.task_id) from trunkline.unsuccessful u
          full join (select * from trunkline.task where state in ('failed', 'cancelled')) t
            on t.id = u.task_id
          where (t.state, t.queue, t.finished_at) is distinct from (u.state, u.queue, u.finished_at)
          """,
          "a gap between its attempts",
          """
          select t.id from trunkline.task t
          left join trunkline.attempt a on a.task_id = t.id
          group by t.id, t.attempt
          having max(a.number) > t.attempt or count(a.number) < t.attempt - 1
          """,
          "in a queue that there is not",
          """
          select t.id from trunkline.task t
          where not exists (select from trunkline.queue q where q.name = t.queue)
          """);

  /** Deliveries of callbacks are made by the ends of tasks, and by nobody's submission. */
  private static final String TASKS =
      "select id || ' ' || type from trunkline.task where type <> 'callback.deliver'";

  private FuzzSql() {}

  /**
   * Nothing is there but what the service took, and all of that.
   *
   * @param lost submissions whose answer did not arrive
   */
  static void assertHolds(Postgres database, Ledger ledger, long lost) {
    Set<String> missing = ledger.there();
    List<String> others = new ArrayList<>();
    for (String task : database.query(TASKS)) {
      if (!missing.remove(task.substring(0, task.indexOf(' ')))) {
        others.add(task);
      }
    }
    assertThat(missing)
        .as("taken, but not there; deletions: %s", ledger.deletionsOf(missing))
        .isEmpty();
    List<String> echoes = others.stream().filter(task -> task.endsWith(" echo")).toList();
    assertThat((long) echoes.size())
        .as("taken by POST /producer, which tells no ids")
        .isBetween(ledger.nameless(), ledger.nameless() + lost);
    others.removeAll(echoes);
    assertThat((long) others.size()).as("there, but not taken: %s", others).isBetween(0L, lost);
  }

  static void assertConsistent(Postgres database) {
    NEVER.forEach(
        (what, sql) ->
            Awaitility.await(what)
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(database.query(sql)).as(what).isEmpty()));
  }
}
