package dev.trunkline.callback;

import dev.trunkline.database.StoreException;
import dev.trunkline.task.Refusal;
import dev.trunkline.task.TaskState;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * The deliveries of callbacks. The first one of each final state comes into being in the
 * transaction that makes the task final, by a trigger (V7); others are made here when a client asks
 * for them.
 */
@ApplicationScoped
public class Deliveries {

  private final DataSource dataSource;

  Deliveries(DataSource dataSource) {
    this.dataSource = dataSource;
  }

  /**
   * A delivery at the moment of one attempt.
   *
   * @param unixTime of the database's clock, in seconds
   */
  public record Due(Delivery delivery, long unixTime) {}

  /** The newest deliveries of a task, the newest first. */
  @Transactional
  public List<DeliveryStatus> of(UUID task) {
    try (Connection connection = dataSource.getConnection();
        PreparedStatement list = connection.prepareStatement(DeliverySql.LIST)) {
      list.setObject(1, task);
      try (ResultSet rows = list.executeQuery()) {
        List<DeliveryStatus> deliveries = new ArrayList<>();
        while (rows.next()) {
          deliveries.add(DeliverySql.status(rows));
        }
        return deliveries;
      }
    } catch (SQLException e) {
      throw new StoreException(e);
    }
  }

  /** What the task of this id delivers; empty where the service has not made it to deliver. */
  @Transactional
  public Optional<Due> find(UUID id) {
    try (Connection connection = dataSource.getConnection();
        PreparedStatement find = connection.prepareStatement(DeliverySql.FIND)) {
      find.setObject(1, id);
      try (ResultSet row = find.executeQuery()) {
        return row.next()
            ? Optional.of(new Due(DeliverySql.delivery(row), row.getLong("now")))
            : Optional.empty();
      }
    } catch (SQLException e) {
      throw new StoreException(e);
    }
  }

  /**
   * Has a task's final state told once more.
   *
   * @return the new delivery
   * @throws dev.trunkline.task.RefusedException where there is no such task, it is not final, or it
   *     has no callback
   */
  @Transactional
  public UUID again(UUID task) {
    try (Connection connection = dataSource.getConnection();
        PreparedStatement lock = connection.prepareStatement(DeliverySql.LOCK);
        PreparedStatement again = connection.prepareStatement(DeliverySql.AGAIN)) {
      lock.setObject(1, task);
      lock.execute();
      again.setObject(1, task);
      try (ResultSet row = again.executeQuery()) {
        if (!row.next()) {
          throw new Refusal.NoSuchTask(task.toString()).exception();
        }
        return made(row, task);
      }
    } catch (SQLException e) {
      throw new StoreException(e);
    }
  }

  private static UUID made(ResultSet row, UUID task) throws SQLException {
    String open = row.getString("open");
    if (open != null) {
      throw new Refusal.WrongState(task, TaskState.of(open), "succeeded, failed or cancelled")
          .exception();
    }
    return Optional.ofNullable(row.getObject("id", UUID.class))
        .orElseThrow(() -> new Refusal.NoCallback(task).exception());
  }
}
