package dev.trunkline.claim;

/**
 * How many tasks the next claim takes: as many as one may, and after one whose payloads were too
 * large only as many as that has taken, twice as many after each that was not. For what a claim
 * locks and leaves is passed over by other processes meanwhile. After one that failed half as many,
 * for it may have been too large to be answered. Used by the dispatcher's thread alone.
 */
final class ClaimSize {

  private int most = Claim.MOST;

  int most() {
    return most;
  }

  void answered(Claim.Answer answer) {
    most = answer.tooHeavy() ? Math.max(1, answer.rows().size()) : Math.min(Claim.MOST, 2 * most);
  }

  void failed() {
    most = Math.max(1, most / 2);
  }
}
