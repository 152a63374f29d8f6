package dev.trunkline.bench.report;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * Something the service wants to reach: a number within a bound, or its ratio to another one.
 *
 * @param about what it says, for a reader
 * @param unit of the bound; of a ratio ×
 * @param bound of the ratio where there is something beside it, otherwise in the unit of the number
 */
record Goal(
    String about,
    Bound relation,
    double bound,
    String unit,
    Source measured,
    Optional<Source> beside) {

  /** As many rounds as a verdict wants. */
  static final int ROUNDS = 5;

  /** Judged for one of our contenders, where everything it takes was measured. */
  Optional<Verdict> judge(Figures figures, String ours) {
    Optional<Reading> reading = measured.apply(figures, ours);
    if (beside.isEmpty()) {
      return reading.map(value -> verdict(ours, value, Optional.empty()));
    }
    Optional<Reading> other = beside.get().apply(figures, ours);
    return reading.isEmpty() || other.isEmpty()
        ? Optional.empty()
        : Optional.of(verdict(ours, reading.get(), other));
  }

  private Verdict verdict(String ours, Reading reading, Optional<Reading> other) {
    double value = reading.summary().median();
    double judged = other.map(o -> value / o.summary().median()).orElse(value);
    int rounds = reading.summary().rounds();
    int enough = other.map(o -> Math.min(rounds, o.summary().rounds())).orElse(rounds);
    return new Verdict(ours, reading, other, judged, relation.holds(judged, bound), enough);
  }

  String wanted() {
    String number = BigDecimal.valueOf(bound).stripTrailingZeros().toPlainString();
    return relation.sign + " " + number + " " + unit;
  }

  enum Bound {
    AT_LEAST("≥"),
    AT_MOST("≤"),
    MORE_THAN(">"),
    LESS_THAN("<");

    private final String sign;

    Bound(String sign) {
      this.sign = sign;
    }

    boolean holds(double value, double bound) {
      return switch (this) {
        case AT_LEAST -> value >= bound;
        case AT_MOST -> value <= bound;
        case MORE_THAN -> value > bound;
        case LESS_THAN -> value < bound;
      };
    }
  }

  /** A figure for one of our contenders: its own, or that of those it is compared with. */
  interface Source extends BiFunction<Figures, String, Optional<Reading>> {}

  /**
   * @param of who measured that
   */
  record Reading(String of, String what, Summary summary) {}

  /**
   * @param judged the number, or the ratio, that the bound is about
   * @param rounds the fewest that anything in it was measured in
   */
  record Verdict(
      String contender,
      Reading measured,
      Optional<Reading> beside,
      double judged,
      boolean isMet,
      int rounds) {}
}
