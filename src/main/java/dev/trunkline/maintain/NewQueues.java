package dev.trunkline.maintain;

import dev.trunkline.database.StoreException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/**
 * Takes up queues that were first used in a transaction of somebody else's, once that has
 * committed; until then, and until the next turn, claims do not see them.
 */
@ApplicationScoped
class NewQueues {

  static final String TAKE_UP =
      """
      with noted as (
        delete from trunkline.new_queue
        where ctid = any(array(select ctid from trunkline.new_queue for update skip locked))
        returning name
      )
      insert into trunkline.queue (name)
      select distinct name from noted
      order by name
      on conflict do nothing
      """;

  private final DataSource dataSource;

  NewQueues(DataSource dataSource) {
    this.dataSource = dataSource;
  }

  /** True where there was a new one, and so tasks may wait in it. */
  @Transactional
  boolean runOnce() {
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement()) {
      return statement.executeUpdate(TAKE_UP) > 0;
    } catch (SQLException e) {
      throw new StoreException(e);
    }
  }
}
