package dev.trunkline.claim;

/** The statements that stop and start the claims of a queue. */
final class PauseSql {

  /** A queue is a name: one that nobody has used yet can be paused before its first task comes. */
  static final String PAUSE =
      """
      insert into trunkline.queue as q (name, paused_at)
      values (?, clock_timestamp())
      on conflict (name) do update
      set paused_at = coalesce(q.paused_at, excluded.paused_at)
      """;

  static final String RESUME =
      """
      update trunkline.queue set paused_at = null where name = ?
      """;

  /**
   * Shorter than claims wait, which have to wait behind this: a claim that hangs, since its process
   * is frozen, must not hold up all others for as long as they bear.
   */
  static final String PATIENCE =
      """
      select set_config('lock_timeout', '1s', true)
      """;

  /** Waits for the claims that began before, and has those that follow wait for the commit. */
  static final String AWAIT_CLAIMS =
      """
      select trunkline.await_claims()
      """;

  private PauseSql() {}
}
