package dev.trunkline.maintain;

import dev.trunkline.database.StoreException;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/** Fails tasks that no attempt has been started of before their {@code expiresAt}. */
@ApplicationScoped
class Expirer {

  /**
   * A bounded number at a time; whoever deletes the ready row is the one who ends the task. Who
   * wants to cancel one meanwhile finds no ready row, notes the wish and is told that the task will
   * be cancelled: so it is.
   */
  static final String EXPIRE =
      """
      with late as (
        delete from trunkline.ready
        where ctid = any(array(
          select ctid from trunkline.ready
          where expires_at <= statement_timestamp()
          order by expires_at
          limit 500
          for update skip locked))
        returning task_id
      ), ended as (
        update trunkline.task t
        set state = case when t.cancel_requested_at is null then 'failed' else 'cancelled' end,
          finished_at = clock_timestamp(),
          error = case when t.cancel_requested_at is null then jsonb_build_object('type', 'expired',
            'message', 'expiresAt passed while the task waited for an attempt.', 'attempt', t.attempt,
            'at', trunkline.rfc3339(clock_timestamp())) end
        from late
        where t.id = late.task_id and t.state = 'open'
        returning t.id, t.state, t.queue, t.finished_at
      )
      insert into trunkline.unsuccessful (task_id, state, queue, finished_at)
      select id, state, queue, finished_at from ended
      """;

  private final DataSource dataSource;

  Expirer(DataSource dataSource) {
    this.dataSource = dataSource;
  }

  /**
   * Until nothing is left; each turn is a transaction of its own.
   *
   * @return whether there was anything
   */
  boolean runUntilDone() {
    boolean any = false;
    while (QuarkusTransaction.requiringNew().call(this::runOnce)) {
      any = true;
    }
    return any;
  }

  /** True where something was ended, and there may be more. */
  boolean runOnce() {
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement()) {
      return statement.executeUpdate(EXPIRE) > 0;
    } catch (SQLException e) {
      throw new StoreException(e);
    }
  }
}
