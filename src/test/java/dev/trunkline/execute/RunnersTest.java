package dev.trunkline.execute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class RunnersTest {

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
          it -> {
            most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
            free.acquireUninterruptibly();
            atOnce.decrementAndGet();
            runners.makeWay(it);
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
        it -> {
          awaitQuietly(gate);
          oneByOne.makeWay(it);
          ended.countDown();
        });
    for (RunningAttempt attempt : attempts) {
      oneByOne.start(
          attempt,
          it -> {
            begun.add(it.taskId());
            oneByOne.makeWay(it);
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
    List<RunningAttempt> deaf = Stream.generate(Attempts::running).limit(3).toList();
    deaf.forEach(attempt -> runners.start(attempt, _ -> awaitQuietly(stuck)));
    runners.start(Attempts.running(), _ -> run.countDown());

    runners.makeWay(deaf.getFirst());
    run.await();
    stuck.countDown();
  }

  @Test
  void one_that_is_withdrawn_before_its_turn_never_begins_and_makes_no_way()
      throws InterruptedException {
    Runners oneByOne = new Runners(Attempts.slots(Map.of("trunkline.worker.concurrency", "1")));
    CountDownLatch gate = new CountDownLatch(1);
    CountDownLatch last = new CountDownLatch(1);
    AtomicInteger begun = new AtomicInteger();
    RunningAttempt withdrawn = Attempts.running();
    oneByOne.start(
        Attempts.running(),
        it -> {
          awaitQuietly(gate);
          oneByOne.makeWay(it);
        });
    oneByOne.start(withdrawn, _ -> begun.incrementAndGet());
    oneByOne.start(Attempts.running(), _ -> last.countDown());

    assertThat(withdrawn.withdraw()).isTrue();
    oneByOne.makeWay(withdrawn);
    assertThat(last.await(200, TimeUnit.MILLISECONDS)).as("its place was never one").isFalse();
    gate.countDown();
    last.await();

    assertThat(begun).hasValue(0);
  }

  @Test
  void one_that_was_withdrawn_is_held_no_longer() {
    CountDownLatch gate = new CountDownLatch(1);
    Stream.generate(Attempts::running)
        .limit(3)
        .forEach(attempt -> runners.start(attempt, _ -> awaitQuietly(gate)));
    RunningAttempt withdrawn = Attempts.running();
    runners.start(withdrawn, _ -> {});
    runners.start(Attempts.running(), _ -> {});
    withdrawn.withdraw();

    runners.forgetWithdrawn();

    assertThat(runners.waiting()).isEqualTo(1);
    gate.countDown();
  }

  @Test
  void one_whose_thread_cannot_be_started_waits_and_leaves_its_place_to_others()
      throws InterruptedException {
    AtomicInteger refused = new AtomicInteger();
    Runners one =
        new Runners(Attempts.slots(Map.of("trunkline.worker.concurrency", "1"))) {
          @Override
          void startThread(UUID task, Runnable body) {
            if (refused.getAndIncrement() == 0) {
              throw new StackOverflowError("of the test");
            }
            super.startThread(task, body);
          }
        };
    RunningAttempt first = Attempts.running();
    CountDownLatch run = new CountDownLatch(1);

    assertThatThrownBy(() -> one.start(first, _ -> {})).isInstanceOf(StackOverflowError.class);

    assertThat(first.withdraw()).as("nobody else would end it").isTrue();
    one.start(Attempts.running(), _ -> run.countDown());
    run.await();
  }

  @Test
  void what_a_handler_leaves_in_its_thread_is_not_found_by_the_next() throws InterruptedException {
    InheritableThreadLocal<String> left = new InheritableThreadLocal<>();
    Runners oneByOne = new Runners(Attempts.slots(Map.of("trunkline.worker.concurrency", "1")));
    List<String> found = Collections.synchronizedList(new ArrayList<>());
    CountDownLatch ended = new CountDownLatch(2);
    for (String name : List.of("first", "second")) {
      oneByOne.start(
          Attempts.running(),
          it -> {
            found.add(String.valueOf(left.get()));
            left.set(name);
            oneByOne.makeWay(it);
            ended.countDown();
          });
    }
    ended.await();

    assertThat(found).containsExactly("null", "null");
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
          it -> {
            runners.makeWay(it);
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
