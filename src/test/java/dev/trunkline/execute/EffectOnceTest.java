package dev.trunkline.execute;

import static org.assertj.core.api.Assertions.assertThat;

import com.arjuna.ats.jta.TransactionManager;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.trunkline.finish.Ends;
import dev.trunkline.task.Outcome;
import dev.trunkline.task.TaskContext;
import dev.trunkline.task.TaskHandler;
import dev.trunkline.task.TaskType;
import jakarta.validation.Validation;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EffectOnceTest {

  @Test
  void no_more_hold_a_connection_at_once_than_there_are_places() throws InterruptedException {
    Patient handler = new Patient();
    EffectOnce effectOnce = effectOnce(1);
    Thread first = Thread.ofPlatform().start(() -> effectOnce.run(handler, Attempts.running()));
    Awaitility.await().until(() -> handler.calls.get() == 1);

    Thread second = Thread.ofPlatform().start(() -> effectOnce.run(handler, Attempts.running()));
    Awaitility.await().until(() -> second.getState() == Thread.State.WAITING);
    assertThat(handler.calls).hasValue(1);

    handler.free.countDown();
    first.join();
    second.join();
    assertThat(handler.calls).hasValue(2);
  }

  private static EffectOnce effectOnce(int atOnce) {
    Verdict verdict = new Verdict(new ObjectMapper());
    HandlerCall call =
        new HandlerCall(
            new ObjectMapper(),
            Validation.buildDefaultValidatorFactory().getValidator(),
            verdict,
            new Timeouts());
    return new EffectOnce(
        call, verdict, Ends.writer(null), TransactionManager.transactionManager(), atOnce);
  }

  /** Runs until it is let go, and writes nothing. */
  @SuppressWarnings("rawtypes") // there is no class object of a map with its types
  private static final class Patient implements TaskHandler<Map, Object> {

    private final CountDownLatch free = new CountDownLatch(1);
    private final AtomicInteger calls = new AtomicInteger();

    @Override
    public TaskType<Map, Object> type() {
      return TaskType.named("test", Map.class, Object.class);
    }

    @Override
    public boolean transactional() {
      return true;
    }

    @Override
    public Outcome<Object> handle(Map payload, TaskContext context) throws InterruptedException {
      calls.incrementAndGet();
      free.await();
      return Outcome.giveUp("on purpose");
    }
  }
}
