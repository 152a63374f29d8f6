package dev.trunkline.bench.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** Numbers as a reader wants them: three digits that count, and the unit. */
final class Numbers {

  private static final MathContext THREE_DIGITS = new MathContext(3);

  private Numbers() {}

  /** 35,700 · 4.21 · 0.0123, and whole numbers of bytes and tasks. */
  static String of(double value) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      return "–";
    }
    BigDecimal rounded = new BigDecimal(value).round(THREE_DIGITS);
    int decimals = Math.min(4, Math.max(0, rounded.scale()));
    return String.format(Locale.ROOT, "%,." + decimals + "f", rounded);
  }

  static String of(double value, String unit) {
    return unit.isEmpty() ? of(value) : of(value) + " " + unit;
  }

  static String range(Summary summary) {
    return of(summary.least()) + "–" + of(summary.most());
  }

  /** 1.31 ×; not more digits than a ratio of two measurements has. */
  static String ratio(double ratio) {
    return of(ratio) + " ×";
  }
}
