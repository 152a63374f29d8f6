package dev.trunkline.finish;

import dev.trunkline.database.GroupCommit;
import dev.trunkline.database.SqlFault;
import dev.trunkline.task.AttemptToken;
import dev.trunkline.task.AttemptsEnded;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Writes the ends of attempts, those that come at the same moment together. An end is kept and
 * tried again while the database is away, for as long as the attempt is still this worker's.
 * Thread-safe.
 */
@ApplicationScoped
public class Completer {

  private static final Logger LOG = Logger.getLogger(Completer.class);
  private static final int BATCH = 500;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

  private final AttemptEndWriter writer;
  private final Timer latency;
  private final Event<AttemptsEnded> ended;
  private final GroupCommit<AttemptEnd, Boolean> group =
      new GroupCommit<>(BATCH, Completer::weight, this::write);
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
   * Writes how an attempt ended, and answers when that is committed.
   *
   * @param held whether the attempt is still this worker's, as far as it knows
   * @return false where the attempt was not the current one any more, and nothing was changed
   * @throws RuntimeException where the end cannot be written, or could not until the attempt was no
   *     longer held; then it may or may not be written
   */
  public boolean finish(AttemptEnd end, BooleanSupplier held) {
    Timer.Sample sample = Timer.start();
    boolean written = keepTrying(end, held);
    sample.stop(latency);
    return written;
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

  private boolean keepTrying(AttemptEnd end, BooleanSupplier held) {
    Duration pause = FIRST_PAUSE;
    while (true) {
      try {
        return group.submit(end);
      } catch (RuntimeException e) {
        boolean passes = SqlFault.behind(e).map(SqlFault::passes).orElse(false);
        if (!passes || !held.getAsBoolean()) {
          throw e;
        }
        LOG.debugf(e, "An end of an attempt could not be written; again in %s", pause);
        LockSupport.parkNanos(pause.toNanos());
        pause = longer(pause);
      }
    }
  }

  private List<Boolean> write(List<AttemptEnd> ends) {
    List<UUID> emptied = new ArrayList<>();
    for (UUID lease; (lease = emptiedLeases.poll()) != null; ) {
      emptied.add(lease);
    }
    try {
      Set<AttemptToken> written = writer.write(ends, emptied);
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
}
