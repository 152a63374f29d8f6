package dev.trunkline.claim;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import dev.trunkline.config.TrunklineConfig;
import dev.trunkline.execute.Slots;
import dev.trunkline.execute.WorkerIdentity;
import dev.trunkline.task.HandlerRegistry;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Claims as many due tasks as this process has free slots, and starts them. There is one for each
 * process, its own loop is the only caller ({@link DispatchLoop}), and submissions claim nothing
 * meanwhile ({@link DirectClaims}), so that a slot seen free is free.
 */
@ApplicationScoped
public class Dispatcher {

  private static final Duration UNTIL_ENDS_ARE_WRITTEN = Duration.ofMillis(5);

  private final TrunklineConfig config;
  private final HandlerRegistry handlers;
  private final Slots slots;
  private final Claimer claimer;
  private final Starter starter;
  private final DirectClaims directClaims;
  private final Timer latency;
  private final ScanPositions positions = new ScanPositions();
  private final FullLook fullLook = new FullLook();
  private final VainClaims vain = new VainClaims();
  private final ClaimSize size = new ClaimSize();
  private volatile boolean saturated;
  private volatile boolean behind;

  /**
   * The last claim took as many as one takes, or as heavy ones, and there may be slots for more.
   */
  private volatile boolean cutShort;

  /** A look from the beginning is under way, and has not come to all queues. */
  private boolean looking;

  /** The queues that may hold more than the last claim could take. */
  private volatile Set<String> limited = Set.of();

  Dispatcher(
      TrunklineConfig config,
      HandlerRegistry handlers,
      Slots slots,
      Claimer claimer,
      Starter starter,
      DirectClaims directClaims,
      MeterRegistry meters) {
    this.config = config;
    this.handlers = handlers;
    this.slots = slots;
    this.claimer = claimer;
    this.starter = starter;
    this.directClaims = directClaims;
    this.latency =
        Timer.builder("trunkline.claim")
            .description("One claim, its commit included")
            .publishPercentileHistogram()
            .register(meters);
  }

  /**
   * Claims once and starts what it got.
   *
   * @return how long nothing needs to be claimed unless somebody says so
   */
  public Duration runOnce() {
    // Before the slots are counted, so that one that becomes free in between is not missed.
    saturated = true;
    behind = starter.isBehind();
    if (behind) {
      return UNTIL_ENDS_ARE_WRITTEN;
    }
    long closing = directClaims.close();
    boolean begins = fullLook.isDue();
    if (begins) {
      looking = true;
      positions.beginLook();
    }
    WorkerIdentity worker = starter.worker();
    Map<String, Integer> free = slots.freeByQueue();
    Claim.Request request = request(worker, free);
    Claim.Answer answer = claim(request, begins);
    if (!start(answer, request, worker)) {
      return Duration.ZERO;
    }
    remember(answer, free);
    if (cutShort) {
      return Duration.ZERO;
    }
    directClaims.open(closing, limited);
    endLook(queue -> !limited.contains(queue));
    return pause(answer, begins);
  }

  private boolean start(Claim.Answer answer, Claim.Request request, WorkerIdentity worker) {
    try {
      return starter.start(answer.rows().stream().map(Claim.Row::task).toList(), worker);
    } catch (RuntimeException | Error e) {
      // What does not run is given back.
      failed(request);
      throw e;
    }
  }

  private void failed(Claim.Request request) {
    claimer.failed(request.lease());
    size.failed();
  }

  private void endLook(Predicate<String> walked) {
    looking = false;
    positions.endLook(walked);
  }

  private void noteDuration(long startNanos, boolean begins) {
    Duration took = Duration.ofNanos(System.nanoTime() - startNanos);
    latency.record(took);
    if (begins) {
      fullLook.took(took);
    } else if (looking) {
      fullLook.wentOn(took);
    }
  }

  private Claim.Answer claim(Claim.Request request, boolean begins) {
    long start = System.nanoTime();
    try {
      Claim.Answer answer = claimer.claim(request);
      noteDuration(start, begins);
      return answer;
    } catch (RuntimeException | Error e) {
      failed(request);
      noteDuration(start, begins);
      // Perhaps it took too long: the next would do so again.
      endLook(_ -> true);
      throw e;
    }
  }

  /** True while a queue may hold more than this process has slots for. */
  boolean isSaturated() {
    return saturated;
  }

  /** True where the last claim has left tasks that others may have slots for. */
  boolean leavesWork() {
    return saturated && !behind;
  }

  /** True where the next claim would bring little, and more slots may be free in a moment. */
  boolean isTooEarly() {
    return saturated && !cutShort && !slots.isClaimWorthIt(limited);
  }

  /** True where the limited queues have tasks that were claimed ahead of their slots. */
  boolean isAhead() {
    return slots.isAhead(limited);
  }

  /** How long the next claim has to wait after so many that found nothing. */
  Duration untilNextClaim(Duration sinceLast) {
    return vain.untilNext(sinceLast);
  }

  private Claim.Request request(WorkerIdentity worker, Map<String, Integer> free) {
    return new Claim.Request(
        worker.id(),
        UUID.randomUUID(),
        handlers.availableTypes(),
        config.worker().queues(),
        size.most(),
        free,
        slots.capacity(),
        positions.all());
  }

  private void remember(Claim.Answer answer, Map<String, Integer> free) {
    List<Claim.Row> rows = answer.rows();
    cutShort = answer.cutShort();
    size.answered(answer);
    Map<String, Long> claimed =
        rows.stream().collect(groupingBy(row -> row.lane().queue(), counting()));
    vain.claimed(!rows.isEmpty());
    positions.moveTo(
        rows, queue -> cutShort || isLimit(claimed.getOrDefault(queue, 0L), free, queue));
    limited =
        Stream.concat(free.keySet().stream(), claimed.keySet().stream())
            .filter(queue -> isLimit(claimed.getOrDefault(queue, 0L), free, queue))
            .collect(Collectors.toUnmodifiableSet());
    saturated = cutShort || !limited.isEmpty();
  }

  private boolean isLimit(long claimed, Map<String, Integer> free, String queue) {
    return claimed >= free.getOrDefault(queue, slots.capacity());
  }

  /**
   * @param full whether this claim has walked all lanes from their beginning
   */
  private Duration pause(Claim.Answer answer, boolean full) {
    Optional<Duration> untilFullLook = full ? Optional.empty() : Optional.of(fullLook.untilNext());
    Duration next = answer.nextDue().orElse(DispatchLoop.LONGEST_PAUSE);
    return untilFullLook.filter(look -> look.compareTo(next) < 0).orElse(next);
  }
}
