package dev.trunkline.claim;

/** The life of this process in the table of workers. */
final class WorkerSql {

  static final String REGISTER =
      """
      insert into trunkline.worker (id, name, started_at, heartbeat_at, expires_at, types, queues,
        capacity, capacities)
      select trunkline.uuidv7(), ?, now.at, now.at, now.at + ?::interval, ?, ?, ?,
        (select coalesce(jsonb_object_agg(c.queue, c.capacity), '{}')
         from unnest(?::text[], ?::int[]) as c (queue, capacity))
      from (select clock_timestamp() as at) as now
      returning id
      """;

  /**
   * One statement for the whole process, however many tasks it runs. Also a worker whose time is
   * over lives on, as long as nobody has declared it dead: then its tasks are still its own. With
   * the types that can run here, which may change while it lives.
   */
  static final String HEARTBEAT =
      """
      update trunkline.worker w
      set heartbeat_at = now.at, expires_at = now.at + b.lifetime, types = b.types
      from (select ?::uuid as id, ?::interval as lifetime, ?::text[] as types) as b,
        (select clock_timestamp() as at) as now
      where w.id = b.id and w.dead_at is null
      """;

  static final String GOODBYE =
      """
      update trunkline.worker set dead_at = clock_timestamp() where id = ? and dead_at is null
      """;

  private WorkerSql() {}
}
