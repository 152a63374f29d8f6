package dev.trunkline.bench.peers;

import dev.trunkline.bench.Count;
import dev.trunkline.bench.Latency;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What is measured of every peer, each with the clock of this process; times are of a monotonic
 * clock.
 */
final class Measurements {
  /** As many as everybody has, plain SQL too. */
  private static final int BULK_CALLERS = 2;

  private static final Duration POLL = Duration.ofMillis(20);
  private static final Duration SETTLE = Duration.ofSeconds(2);

  private final Peer peer;

  Measurements(Peer peer) {
    this.peer = peer;
  }

  /** Stores tasks of one text; from the first call until the last one has committed. */
  Count store(int count, String text, Optional<Instant> due) throws Exception {
    try (var threads = Executors.newFixedThreadPool(BULK_CALLERS)) {
      var calls = new ArrayList<Callable<Void>>();
      for (var i = 0; i < BULK_CALLERS; i++) {
        var tasks = (count + i) / BULK_CALLERS;
        calls.add(
            () -> {
              peer.addMany(Stream.generate(() -> text).limit(tasks), due);
              return null;
            });
      }
      var started = System.nanoTime();
      for (var done : threads.invokeAll(calls)) {
        done.get();
      }
      return new Count(count, secondsSince(started));
    }
  }

  /** Runs tasks; from the first call of the handler until all completions are committed. */
  Count drain(int count) throws Exception {
    var started = new AtomicLong();
    var left = new CountDownLatch(count);
    peer.startWorker(
        text -> {
          if (started.get() == 0) {
            started.compareAndSet(0, System.nanoTime());
          }
          left.countDown();
        });
    left.await();
    while (peer.hasUnfinished()) {
      Thread.sleep(POLL);
    }
    var seconds = secondsSince(started.get());
    peer.stopWorker();
    return new Count(count, seconds);
  }

  /** Lets as many threads submit one task after the other for a while. */
  Count submit(int callers, Duration duration, String text) throws Exception {
    try (var queue = peer.openCallers(callers);
        var threads = Executors.newFixedThreadPool(callers)) {
      var started = System.nanoTime();
      var end = started + duration.toNanos();
      Callable<Integer> caller = () -> submitUntil(end, queue, text);
      var tasks = 0;
      for (var count : threads.invokeAll(Stream.generate(() -> caller).limit(callers).toList())) {
        tasks += count.get();
      }
      return new Count(tasks, secondsSince(started));
    }
  }

  private static int submitUntil(long end, Peer.Callers queue, String text) throws Exception {
    var tasks = 0;
    for (; System.nanoTime() < end; tasks++) {
      queue.submit(text);
    }
    return tasks;
  }

  /** From the return of the submitting call until the handler begins, at a fixed rate. */
  Latency latency(String[] texts, Duration interval) throws Exception {
    var begun = new AtomicLongArray(texts.length);
    var left = new CountDownLatch(texts.length);
    peer.startWorker(
        text -> {
          begun.set(numberOf(text), System.nanoTime());
          left.countDown();
        });
    Thread.sleep(SETTLE);
    var returned = offer(texts, interval);
    left.await();
    peer.stopWorker();
    return Latency.of(
        IntStream.range(0, texts.length)
            .mapToDouble(number -> (begun.get(number) - returned[number]) / 1e6)
            .sorted()
            .toArray());
  }

  /** Submits at a fixed rate whether or not earlier calls returned: a slow answer hides nothing. */
  private long[] offer(String[] texts, Duration interval) throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var calls = new ArrayList<Future<Long>>();
      var started = System.nanoTime();
      for (var number = 0; number < texts.length; number++) {
        sleepUntil(started + number * interval.toNanos());
        var text = texts[number];
        calls.add(threads.submit(() -> submit(text)));
      }
      var returned = new long[texts.length];
      for (var number = 0; number < texts.length; number++) {
        returned[number] = calls.get(number).get();
      }
      return returned;
    }
  }

  private long submit(String text) throws Exception {
    peer.submit(text);
    return System.nanoTime();
  }

  private static void sleepUntil(long moment) {
    for (var left = moment - System.nanoTime(); left > 0; left = moment - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  private static int numberOf(String text) {
    return Integer.parseInt(text, 0, text.indexOf(' '), 10);
  }

  /** Lets the worker wait for tasks that never come, while the harness watches from outside. */
  Map<String, Object> idle(Duration duration) throws Exception {
    peer.startWorker(text -> {});
    Thread.sleep(SETTLE.plus(duration));
    peer.stopWorker();
    return Map.of();
  }

  private static double secondsSince(long started) {
    return (System.nanoTime() - started) / 1e9;
  }
}
