package dev.trunkline.execute;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class RunnersTest {

  private static final String QUEUE = "default";

  private final Runners runners =
      new Runners(Attempts.slots(Map.of("trunkline.worker.concurrency", "3")));

  @Test
  void no_more_of_a_queue_run_at_once_than_its_concurrency() throws InterruptedException {
    AtomicInteger atOnce = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    Semaphore free = new Semaphore(0);
    CountDownLatch ended = new CountDownLatch(20);

    for (int i = 0; i < 20; i++) {
      runners.start(
          Attempts.running(),
          _ -> {
            most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
            free.acquireUninterruptibly();
            atOnce.decrementAndGet();
            runners.makeWay(QUEUE);
            ended.countDown();
          });
    }
    Awaitility.await().until(() -> atOnce.get() == 3);
    free.release(20);
    ended.await();

    assertThat(most).hasValue(3);
  }

  @Test
  void those_that_wait_begin_in_the_order_they_came() throws InterruptedException {
    List<UUID> begun = Collections.synchronizedList(new ArrayList<>());
    CountDownLatch gate = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(11);
    Runners oneByOne = new Runners(Attempts.slots(Map.of("trunkline.worker.concurrency", "1")));
    List<RunningAttempt> attempts = Stream.generate(Attempts::running).limit(10).toList();

    oneByOne.start(
        Attempts.running(),
        _ -> {
          awaitQuietly(gate);
          oneByOne.makeWay(QUEUE);
          ended.countDown();
        });
    for (RunningAttempt attempt : attempts) {
      oneByOne.start(
          attempt,
          it -> {
            begun.add(it.taskId());
            oneByOne.makeWay(QUEUE);
            ended.countDown();
          });
    }
    gate.countDown();
    ended.await();

    assertThat(begun).isEqualTo(attempts.stream().map(RunningAttempt::taskId).toList());
  }

  @Test
  void one_that_is_not_waited_for_any_more_makes_way_though_it_runs_on()
      throws InterruptedException {
    CountDownLatch stuck = new CountDownLatch(1);
    CountDownLatch run = new CountDownLatch(1);
    for (int i = 0; i < 3; i++) {
      runners.start(Attempts.running(), _ -> awaitQuietly(stuck));
    }
    runners.start(Attempts.running(), _ -> run.countDown());

    runners.makeWay(QUEUE);
    run.await();
    stuck.countDown();
  }

  @RepeatedTest(20)
  void none_is_forgotten_however_they_come_and_go() throws InterruptedException {
    CountDownLatch run = new CountDownLatch(4_000);
    List<Thread> starters =
        Stream.generate(() -> Thread.ofPlatform().unstarted(() -> start(1_000, run)))
            .limit(4)
            .toList();
    starters.forEach(Thread::start);
    run.await();
  }

  private void start(int attempts, CountDownLatch run) {
    for (int i = 0; i < attempts; i++) {
      runners.start(
          Attempts.running(),
          _ -> {
            runners.makeWay(QUEUE);
            run.countDown();
          });
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
