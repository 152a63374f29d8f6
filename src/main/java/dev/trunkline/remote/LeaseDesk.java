package dev.trunkline.remote;

import dev.trunkline.claim.FullLook;
import dev.trunkline.claim.Listening;
import dev.trunkline.claim.RemoteClaim.Answer;
import dev.trunkline.claim.RemoteClaim.Look;
import dev.trunkline.claim.RemoteClaim.Since;
import dev.trunkline.claim.RemoteClaim.Tidings;
import dev.trunkline.claim.RemoteClaimer;
import dev.trunkline.claim.Signal;
import dev.trunkline.config.TrunklineConfig;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * Where workers outside of the service wait for tasks, in one loop however many they are. {@link
 * #ask} may be called by anybody; all else is done by one thread ({@link LeaseLoop}).
 *
 * <p>A turn asks nothing of the database where nothing can have become due for those who wait; it
 * makes one claim where they all want the same; and one look where they do not, for all of them,
 * and then only the claims that will find something.
 */
@ApplicationScoped
public class LeaseDesk {

  /** Tasks of one claim. */
  private static final int MOST_AT_ONCE = 200;

  private static final Logger LOG = Logger.getLogger(LeaseDesk.class);
  private static final Duration PAUSE_AFTER_FAULT = Duration.ofMillis(500);
  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(20);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);
  private static final Duration KEPT = Duration.ofMinutes(1);

  /** A look that found nothing is followed by a pause of so many times its length. */
  private static final int SHARE = 4;

  private final RemoteClaimer claimer;
  private final Handover handover;
  private final Presence presence;
  private final Listening listening;
  private final Duration pollInterval;
  private final Queue<Poll> arrivals = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicBoolean heard = new AtomicBoolean();
  private final Signal signal = new Signal();
  private volatile boolean closed;

  // The loop's alone.
  private final Map<Want, Line> lines = new LinkedHashMap<>();
  private final FullLook fullLook = new FullLook();
  private Optional<RuntimeException> fault = Optional.empty();
  private long nextLookNanos = System.nanoTime();
  private long notBeforeNanos = System.nanoTime();

  LeaseDesk(
      RemoteClaimer claimer,
      Handover handover,
      Presence presence,
      Listening listening,
      TrunklineConfig config) {
    this.claimer = claimer;
    this.presence = presence;
    this.handover = handover;
    this.listening = listening;
    this.pollInterval = config.worker().pollInterval();
  }

  /**
   * Asks for work. Nothing is held while it waits but memory.
   *
   * @return completed with the tasks as soon as there are any, with none when the patience is over
   *     or the process stops, or with what the database said. Whoever does not wait any more
   *     cancels it.
   */
  public CompletableFuture<List<LeasedTask>> ask(Ask ask) {
    presence.note(ask);
    Poll poll = new Poll(ask);
    waiting.incrementAndGet();
    var _ = poll.answer().whenComplete((_, _) -> waiting.decrementAndGet());
    arrivals.add(poll);
    signal.raise();
    return poll.answer();
  }

  /** How many wait at this moment. */
  int waiting() {
    return waiting.get();
  }

  /** Something may have become due. Costs next to nothing, and nothing where nobody waits. */
  void hear() {
    if (!heard.getAndSet(true) && waiting.get() > 0) {
      signal.raise();
    }
  }

  /** Sends everybody away, with nothing in their hands, and from now on at once. */
  void close() {
    closed = true;
    signal.raise();
  }

  /** Waits until there may be something to do, or somebody comes, but not longer than this. */
  void await(Duration atMost) throws InterruptedException {
    signal.await(atMost);
  }

  /**
   * Takes in who has come, looks for work where that may help, and sends away who has waited long
   * enough.
   *
   * @return how long nothing needs to be done unless somebody comes or says so
   */
  Duration runOnce() {
    admit();
    if (isPast(notBeforeNanos)) {
      boolean said = heard.getAndSet(false);
      if (said || isPast(nextLookNanos)) {
        lines.values().forEach(Line::goStale);
      }
      lookForWork();
    }
    dismiss();
    lines.values().removeIf(line -> line.idle().compareTo(KEPT) > 0);
    return pause();
  }

  private void admit() {
    for (Poll poll; (poll = arrivals.poll()) != null; ) {
      lines.computeIfAbsent(poll.ask().want(), Line::new).join(poll);
    }
    lines.values().forEach(Line::dropOver);
  }

  private void lookForWork() {
    List<Line> hungry =
        lines.values().stream()
            .filter(Line::wantsALook)
            .sorted(Comparator.comparingLong(Line::oldest))
            .toList();
    if (hungry.isEmpty() || closed) {
      return;
    }
    long start = System.nanoTime();
    boolean full = fullLook.isDue();
    try {
      boolean found = serve(hungry, full);
      fault = Optional.empty();
      notBeforeNanos = System.nanoTime() + (found ? 0 : spacing(since(start)).toNanos());
    } catch (RuntimeException e) {
      LOG.warnf("No task could be leased; trying again: %s", e.getMessage());
      LOG.debug("The fault", e);
      fault = Optional.of(e);
      notBeforeNanos = System.nanoTime() + PAUSE_AFTER_FAULT.toNanos();
    } finally {
      if (full) {
        // Also one that failed, perhaps because it took too long: it would do so again.
        fullLook.took(since(start));
      }
    }
  }

  /** True where anybody got anything. */
  private boolean serve(List<Line> hungry, boolean full) {
    boolean found = false;
    for (Line line : hungry.size() == 1 ? hungry : promising(hungry, full)) {
      found |= claim(line, full);
    }
    return found;
  }

  /** The lines for which something is due; the others know then that nothing is. */
  private List<Line> promising(List<Line> hungry, boolean full) {
    List<Line> unsure = hungry.stream().filter(line -> full || !line.hasMore()).toList();
    if (unsure.isEmpty()) {
      return hungry;
    }
    Look look = claimer.look(full ? Optional.empty() : earliest(unsure));
    plan(look.tidings(), full);
    List<Line> idle =
        unsure.stream().filter(line -> look.due().stream().noneMatch(line::wants)).toList();
    idle.forEach(line -> line.settle(look.tidings()));
    return hungry.stream().filter(line -> !idle.contains(line)).toList();
  }

  /** From where on all of them have to be looked for; the beginning where one knows no place. */
  private static Optional<Since> earliest(List<Line> lines) {
    List<Optional<Since>> places = lines.stream().map(Line::since).distinct().toList();
    boolean comparable =
        places.stream().allMatch(Optional::isPresent)
            && places.stream().map(place -> place.orElseThrow().openQueues()).distinct().count()
                == 1;
    return comparable
        ? places.stream().flatMap(Optional::stream).min(Comparator.comparing(Since::due))
        : Optional.empty();
  }

  private boolean claim(Line line, boolean full) {
    List<Poll> seats = line.seats(MOST_AT_ONCE);
    if (seats.isEmpty()) {
      return false;
    }
    Answer answer = claimer.claim(full ? line.requestOfAll(seats) : line.request(seats));
    plan(answer.tidings(), full);
    if (full) {
      line.forgetPlace();
    }
    if (answer.rows().size() < seats.size() && !answer.isCut()) {
      line.settle(answer.tidings());
    } else {
      line.leftOffAt(answer.rows());
    }
    handover.give(seats, answer.rows());
    line.dropOver();
    return !answer.rows().isEmpty();
  }

  /** Decides when to look again if nobody says so before. */
  private void plan(Tidings tidings, boolean full) {
    Duration next =
        Stream.of(
                tidings.nextDue(),
                Optional.of(pollInterval),
                Optional.of(listening.longestPause()),
                full ? Optional.<Duration>empty() : Optional.of(fullLook.untilNext()))
            .flatMap(Optional::stream)
            .min(Comparator.naturalOrder())
            .orElseThrow();
    nextLookNanos = System.nanoTime() + next.toNanos();
  }

  private void dismiss() {
    for (Line line : lines.values()) {
      line.polls().forEach(this::dismiss);
      line.dropOver();
    }
  }

  /** With nothing, where it has waited long enough; with the fault, where nobody could look. */
  private void dismiss(Poll poll) {
    if (closed) {
      poll.answer().complete(List.of());
    } else if (fault.isPresent() && poll.nanosLeft() <= 0) {
      poll.answer().completeExceptionally(fault.get());
    } else if (poll.isDue()) {
      poll.answer().complete(List.of());
    }
  }

  private Duration pause() {
    long now = System.nanoTime();
    List<Long> times = new ArrayList<>();
    times.add(KEPT.toNanos());
    for (Line line : lines.values()) {
      if (line.wantsALook()) {
        times.add(notBeforeNanos - now);
      }
      line.polls().stream().filter(Poll::wasLookedFor).forEach(poll -> times.add(poll.nanosLeft()));
    }
    if (waiting.get() > 0) {
      long nextLook = heard.get() ? now : nextLookNanos;
      times.add(Math.max(nextLook - now, notBeforeNanos - now));
    }
    return Duration.ofNanos(
        Math.max(0, times.stream().min(Comparator.naturalOrder()).orElseThrow()));
  }

  private static Duration spacing(Duration took) {
    Duration pause = took.multipliedBy(SHARE);
    if (pause.compareTo(SHORTEST_PAUSE) < 0) {
      return SHORTEST_PAUSE;
    }
    return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
  }

  private static Duration since(long startNanos) {
    return Duration.ofNanos(System.nanoTime() - startNanos);
  }

  private static boolean isPast(long nanos) {
    return System.nanoTime() - nanos >= 0;
  }
}
