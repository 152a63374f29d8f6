package dev.trunkline.execute;

import dev.trunkline.submit.Submission;
import dev.trunkline.submit.TaskQueue;
import dev.trunkline.task.Outcome;
import dev.trunkline.task.RetryPolicy;
import dev.trunkline.task.TaskContext;
import dev.trunkline.task.TaskHandler;
import dev.trunkline.task.TaskType;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import javax.sql.DataSource;

/** A transactional handler: writes a row, submits a task, and then does as it is told. */
@Singleton
public class InsertHandler implements TaskHandler<InsertHandler.Order, String> {

  static final String TABLE = "create table if not exists effect (task_id uuid, attempt int)";

  private final DataSource dataSource;
  private final TaskQueue queue;

  InsertHandler(DataSource dataSource, TaskQueue queue) {
    this.dataSource = dataSource;
    this.queue = queue;
  }

  @Override
  public TaskType<Order, String> type() {
    return TaskType.<Order, String>named("test.insert", Order.class, String.class)
        .withMaxAttempts(2)
        .withRetry(new RetryPolicy(Duration.ofMillis(1), Duration.ofMillis(1)));
  }

  @Override
  public boolean transactional() {
    return true;
  }

  @Override
  public Outcome<String> handle(Order order, TaskContext context) throws Exception {
    insert(context);
    queue.submit(Submission.of("noop", "{\"by\":\"" + context.taskId() + "\"}"));
    if (context.attempt() == 1) {
      misbehave(order.first(), context);
    }
    if (order.first().equals("retry") && context.attempt() == 1) {
      return new Outcome.RetryLater<>("not yet", Optional.of(Duration.ZERO));
    }
    return Outcome.succeeded("done");
  }

  private void misbehave(String how, TaskContext context) throws Exception {
    switch (how) {
      case "throw" -> throw new IllegalStateException("on purpose");
      case "wait" -> new CountDownLatch(1).await();
      case "lose" -> loseTheAttempt(context);
      case "break" -> breakTheTransaction();
      default -> {}
    }
  }

  private void insert(TaskContext context) throws SQLException {
    try (Connection connection = dataSource.getConnection();
        PreparedStatement insert =
            connection.prepareStatement("insert into effect values (?, ?)")) {
      insert.setObject(1, context.taskId());
      insert.setInt(2, context.attempt());
      insert.executeUpdate();
    }
  }

  /** As a rescuer does, in a transaction of its own. */
  private void loseTheAttempt(TaskContext context) {
    QuarkusTransaction.requiringNew()
        .run(
            () -> {
              try (Connection connection = dataSource.getConnection();
                  PreparedStatement lose =
                      connection.prepareStatement(
                          "with lost as (update trunkline.task set attempt = 2 where id = ?"
                              + " returning *) insert into trunkline.ready (queue, priority, due,"
                              + " task_id, type) select queue, priority, run_at, id, type from"
                              + " lost")) {
                lose.setObject(1, context.taskId());
                lose.executeUpdate();
              } catch (SQLException e) {
                throw new IllegalStateException(e);
              }
            });
  }

  private void breakTheTransaction() throws SQLException {
    try (Connection connection = dataSource.getConnection();
        PreparedStatement broken = connection.prepareStatement("select 1 / 0")) {
      broken.executeQuery();
    } catch (SQLException e) {
      // Swallowed: the handler says that all went well, in a transaction that cannot commit.
      return;
    }
  }

  /** What to do in the first attempt. */
  public record Order(String first) {}
}
