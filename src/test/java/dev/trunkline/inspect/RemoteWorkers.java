package dev.trunkline.inspect;

import dev.trunkline.database.TestDatabase;
import java.util.UUID;

/** Workers outside of the service, as rows. */
final class RemoteWorkers {

  private RemoteWorkers() {}

  /** One that has asked just now, for types or for queues, separated by commas. */
  static UUID asks(TestDatabase database, String name, String types, String queues, int max) {
    return database.value(
        UUID.class,
        """
        insert into trunkline.remote_worker (id, name, types, queues, capacity, expires_at)
        values (gen_random_uuid(), ?, string_to_array(?, ','), string_to_array(?, ','), ?,
          now() + interval '1 minute')
        returning id
        """,
        name,
        types,
        queues,
        max);
  }

  /** It has not asked for a while. */
  static void hasGone(TestDatabase database, UUID worker) {
    database.update(
        "update trunkline.remote_worker set expires_at = now() - interval '1 second' where id = ?",
        worker);
  }

  /** Takes a task, as a claim does. */
  static void lease(TestDatabase database, String worker, UUID task) {
    database.update("delete from trunkline.ready where task_id = ?", task);
    database.update(
        """
        insert into trunkline.remote_lease (task_id, attempt, worker, lasts, started_at,
          heartbeat_at, expires_at, ends_at)
        select id, attempt, ?, '1 minute', now(), now(), now() + interval '1 minute',
          now() + interval '1 hour'
        from trunkline.task where id = ?
        """,
        worker,
        task);
  }

  /** The time of its lease is over. */
  static void expire(TestDatabase database, UUID task) {
    database.update(
        "update trunkline.remote_lease set expires_at = now() - interval '1 second'"
            + " where task_id = ?",
        task);
  }
}
