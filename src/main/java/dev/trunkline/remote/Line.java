package dev.trunkline.remote;

import dev.trunkline.claim.RemoteClaim;
import dev.trunkline.claim.RemoteClaim.Row;
import dev.trunkline.claim.RemoteClaim.Seat;
import dev.trunkline.claim.RemoteClaim.Since;
import dev.trunkline.claim.RemoteClaim.Tidings;
import dev.trunkline.claim.ScanPositions.Lane;
import dev.trunkline.claim.ScanPositions.Position;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The polls that ask for the same tasks, the oldest one first, and how far the database has been
 * looked through for them. Used by the desk's thread alone.
 *
 * <p>While more is due than was asked for, each claim starts behind the last row that was taken in
 * its lane. When nothing was left, the next look starts a little before the time of that one: also
 * what lies behind it, of other types, is not walked again. A task is due when it is submitted and
 * there to be seen when that is committed, a moment later; hence a little before.
 */
final class Line {

  /** Longer than a submission takes to commit. What takes longer waits for a full look. */
  private static final Duration COMMITTING = Duration.ofSeconds(1);

  private final Want want;
  private final Deque<Poll> polls = new ArrayDeque<>();
  private final Map<Lane, Position> positions = new HashMap<>();
  private Optional<Since> since = Optional.empty();
  private boolean stale = true;
  private long leftNanos = System.nanoTime();

  Line(Want want) {
    this.want = want;
  }

  Want want() {
    return want;
  }

  /** One that can wait need not be looked for where it is known that nothing is there. */
  void join(Poll poll) {
    polls.addLast(poll);
    if (stale || poll.ask().patience().isZero()) {
      stale = true;
    } else {
      poll.lookedFor();
    }
  }

  Deque<Poll> polls() {
    return polls;
  }

  /** Forgets the polls that nobody waits for any more. */
  void dropOver() {
    polls.removeIf(Poll::isOver);
    if (!polls.isEmpty()) {
      leftNanos = System.nanoTime();
    }
  }

  /** How long nobody has waited here. */
  Duration idle() {
    return polls.isEmpty() ? Duration.ofNanos(System.nanoTime() - leftNanos) : Duration.ZERO;
  }

  /** How long the first one has waited, to be compared with others of the same moment. */
  long oldest() {
    return polls.isEmpty() ? Long.MAX_VALUE : polls.peekFirst().since();
  }

  boolean wants(RemoteClaim.Due due) {
    return want.includes(due.queue(), due.type());
  }

  /** Something may have become due. */
  void goStale() {
    stale = true;
  }

  /** Whether somebody waits and there may be something. */
  boolean wantsALook() {
    return stale && !polls.isEmpty();
  }

  /** How far anybody has looked does not count any more. */
  void forgetPlace() {
    since = Optional.empty();
    positions.clear();
  }

  /** Whether the last claim left something behind, as far as anybody knows. */
  boolean hasMore() {
    return !positions.isEmpty();
  }

  /** Up to where everything is known to be taken. */
  Optional<Since> since() {
    return since;
  }

  /** Room for what the polls want, in turn, so that what is there is shared by all who wait. */
  List<Poll> seats(int atMost) {
    List<Poll> seats = new ArrayList<>();
    int round = 0;
    int before;
    do {
      before = seats.size();
      for (Poll poll : polls) {
        if (round < poll.ask().max() && seats.size() < atMost) {
          seats.add(poll);
        }
      }
      round++;
    } while (seats.size() > before);
    return seats;
  }

  RemoteClaim.Request request(List<Poll> seats) {
    return request(seats, since, Map.copyOf(positions));
  }

  /** From the very beginning on. */
  RemoteClaim.Request requestOfAll(List<Poll> seats) {
    return request(seats, Optional.empty(), Map.of());
  }

  private RemoteClaim.Request request(
      List<Poll> seats, Optional<Since> from, Map<Lane, Position> positions) {
    return new RemoteClaim.Request(
        want.types(),
        want.queues(),
        from,
        positions,
        seats.stream().map(poll -> new Seat(poll.ask().worker(), poll.ask().lease())).toList());
  }

  /** There was as much as was asked for, so there may be more. */
  void leftOffAt(List<Row> rows) {
    rows.forEach(row -> positions.put(row.lane(), row.position()));
    polls.forEach(Poll::lookedFor);
  }

  /** Nothing is left for these polls. */
  void settle(Tidings tidings) {
    positions.clear();
    since = Optional.of(new Since(tidings.at().minus(COMMITTING), tidings.openQueues()));
    stale = false;
    polls.forEach(Poll::lookedFor);
  }
}
