package dev.trunkline.finish;

import dev.trunkline.database.GroupWriter;
import dev.trunkline.database.SqlFault;
import dev.trunkline.task.AttemptToken;
import dev.trunkline.task.AttemptsEnded;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jboss.logging.Logger;

/**
 * Writes the ends of attempts, those that come while others are written together, on a thread of
 * its own: the handlers go on meanwhile. An end is kept and tried again while the database is away,
 * for as long as the attempt is still this worker's. Thread-safe.
 */
@ApplicationScoped
public class Completer {

  private static final Logger LOG = Logger.getLogger(Completer.class);
  private static final int BATCH = 2_000;
  private static final int WRITERS = 2;
  private static final int CROWD = 64;
  private static final Duration GATHERING = Duration.ofMillis(25);

  /** Tasks of the same 32 ms. */
  private static final int NEIGHBOURS = 5;

  /**
   * Ends that wait or are being written, and their characters, beyond which no more are to come:
   * while all writers are at work, a batch more.
   */
  private static final int MANY = (WRITERS + 1) * BATCH;

  private static final long HEAVY = 16 * 1024 * 1024;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

  private final AttemptEndWriter writer;
  private final Timer latency;
  private final Event<AttemptsEnded> ended;

  /** Several, so that one is written while another one is being committed. */
  private final List<GroupWriter<AttemptEnd, Boolean>> writers =
      IntStream.range(0, WRITERS).mapToObj(this::writer).toList();

  private final AtomicInteger unwritten = new AtomicInteger();
  private final AtomicLong unwrittenWeight = new AtomicLong();
  private final Queue<UUID> emptiedLeases = new ConcurrentLinkedQueue<>();

  Completer(AttemptEndWriter writer, MeterRegistry meters, Event<AttemptsEnded> ended) {
    this.writer = writer;
    this.ended = ended;
    this.latency =
        Timer.builder("trunkline.finish")
            .description("From the end of an attempt until it is committed")
            .publishPercentileHistogram()
            .register(meters);
  }

  /**
   * Has the end of an attempt written, with those that come at the same moment.
   *
   * @param held whether the attempt is still this worker's, as far as it knows
   * @return when it is committed: false where the attempt was not the current one any more, and
   *     nothing was changed. With an exception where the end cannot be written, or could not until
   *     the attempt was no longer held; then it may or may not be written. What depends on it is to
   *     be short, for the next ends wait for it
   */
  public CompletableFuture<Boolean> finish(AttemptEnd end, BooleanSupplier held) {
    CompletableFuture<Boolean> written = new CompletableFuture<>();
    Timer.Sample sample = Timer.start();
    int weight = weight(end);
    unwritten.incrementAndGet();
    unwrittenWeight.addAndGet(weight);
    var _ =
        written.whenComplete(
            (_, _) -> {
              unwritten.decrementAndGet();
              unwrittenWeight.addAndGet(-weight);
              sample.stop(latency);
            });
    attempt(new Unwritten(end, held, written), FIRST_PAUSE);
    return written;
  }

  /** True while more ends wait than there should. */
  public boolean isBehind() {
    return unwritten.get() > MANY || unwrittenWeight.get() > HEAVY;
  }

  /** Has a lease deleted with the next write, now that none of its attempts is left. */
  public void discardLease(UUID lease) {
    emptiedLeases.add(lease);
  }

  /** Deletes leases that no later write has taken along. */
  public void discardLeftLeases() {
    if (!emptiedLeases.isEmpty()) {
      write(List.of());
    }
  }

  @PreDestroy
  void close() {
    writers.forEach(GroupWriter::close);
  }

  private GroupWriter<AttemptEnd, Boolean> writer(int number) {
    return new GroupWriter<>(
        "completer-" + number, CROWD, GATHERING, BATCH, Completer::weight, this::write);
  }

  private void attempt(Unwritten end, Duration pause) {
    var _ =
        writerOf(end.end)
            .enqueue(end.end)
            .whenComplete(
                (written, thrown) -> {
                  if (thrown == null) {
                    end.written.complete(written);
                  } else {
                    tryAgain(end, pause, thrown);
                  }
                });
  }

  private void tryAgain(Unwritten end, Duration pause, Throwable thrown) {
    boolean passes = SqlFault.behind(thrown).map(SqlFault::passes).orElse(false);
    if (passes && end.held.getAsBoolean()) {
      LOG.debugf(thrown, "An end of an attempt could not be written; again in %s", pause);
      Runnable again = () -> attempt(end, longer(pause));
      try {
        writerOf(end.end).schedule(again, pause);
        return;
      } catch (RejectedExecutionException e) {
        thrown.addSuppressed(e);
      }
    }
    end.written.completeExceptionally(thrown);
  }

  /**
   * By the time of the task's id, so that those of one claim, which are neighbours, go together.
   */
  private GroupWriter<AttemptEnd, Boolean> writerOf(AttemptEnd end) {
    long millis = end.ran().token().taskId().getMostSignificantBits() >>> 16;
    return writers.get(Math.floorMod(millis >>> NEIGHBOURS, WRITERS));
  }

  private List<Boolean> write(List<AttemptEnd> ends) {
    List<UUID> emptied = new ArrayList<>();
    for (UUID lease; (lease = emptiedLeases.poll()) != null; ) {
      emptied.add(lease);
    }
    try {
      Set<AttemptToken> written = writer.writeApart(ends, emptied);
      tell(written);
      return ends.stream().map(end -> written.contains(end.ran().token())).toList();
    } catch (RuntimeException e) {
      emptiedLeases.addAll(emptied);
      throw e;
    }
  }

  private void tell(Set<AttemptToken> written) {
    if (!written.isEmpty()) {
      ended.fire(
          new AttemptsEnded(
              written.stream().map(AttemptToken::taskId).collect(Collectors.toUnmodifiableSet())));
    }
  }

  private static int weight(AttemptEnd end) {
    return switch (end) {
      case AttemptEnd.Success success -> success.result().length();
      case AttemptEnd.Setback setback -> setback.reason().length();
    };
  }

  private static Duration longer(Duration pause) {
    Duration twice = pause.multipliedBy(2);
    return twice.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : twice;
  }

  private record Unwritten(
      AttemptEnd end, BooleanSupplier held, CompletableFuture<Boolean> written) {}
}
