package dev.trunkline.remote;

import dev.trunkline.claim.RemoteClaim.Row;
import dev.trunkline.task.AttemptToken;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Puts leased tasks into the hands of those who asked for them. */
@Singleton
class Handover {

  private final LeaseTokens tokens;
  private final HeldLeases held;
  private final RemoteMetrics metrics;

  Handover(LeaseTokens tokens, HeldLeases held, RemoteMetrics metrics) {
    this.tokens = tokens;
    this.held = held;
    this.metrics = metrics;
  }

  /**
   * Answers the polls that got something; what belongs to one that has gone away meanwhile is given
   * back, and costs nothing.
   *
   * @param seats who gets the row in the same place
   */
  void give(List<Poll> seats, List<Row> rows) {
    Map<Poll, List<LeasedTask>> shares = new LinkedHashMap<>();
    for (int i = 0; i < rows.size(); i++) {
      Row row = rows.get(i);
      metrics.started(row.task());
      shares.computeIfAbsent(seats.get(i), _ -> new ArrayList<>()).add(leased(row));
    }
    shares.forEach(
        (poll, share) -> {
          if (!poll.answer().complete(share)) {
            Thread.ofVirtual().name("give-back").start(() -> held.giveBack(share));
          }
        });
  }

  private LeasedTask leased(Row row) {
    String token = tokens.seal(new AttemptToken(row.task().id, row.task().attempt));
    return new LeasedTask(token, row.task(), row.expiresAt());
  }
}
