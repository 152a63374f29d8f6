package dev.trunkline.execute;

import dev.trunkline.task.Outcome;
import dev.trunkline.task.TaskContext;
import dev.trunkline.task.TaskHandler;
import dev.trunkline.task.TaskType;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.inject.Singleton;
import jakarta.transaction.Status;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Says in which transaction it runs, once as many others run as it is told. */
@Singleton
public class TransactionTellingHandler
    implements TaskHandler<TransactionTellingHandler.Order, String> {

  private static final CountDownLatch ALL_RUN =
      new CountDownLatch(HandlersRunOutsideResourceTest.CROWD);

  @Override
  public TaskType<Order, String> type() {
    return TaskType.<Order, String>named("test.transaction", Order.class, String.class)
        .withQueue("test.transaction")
        .withMaxAttempts(1);
  }

  @Override
  public Outcome<String> handle(Order order, TaskContext context) throws InterruptedException {
    ALL_RUN.countDown();
    if (!ALL_RUN.await(order.patienceSeconds(), TimeUnit.SECONDS)) {
      return Outcome.giveUp("the others did not run beside this one");
    }
    boolean none = QuarkusTransaction.getStatus() == Status.STATUS_NO_TRANSACTION;
    return Outcome.succeeded(none ? "none" : "a transaction");
  }

  /** How long to wait for the others. */
  public record Order(int patienceSeconds) {}
}
