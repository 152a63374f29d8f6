package dev.trunkline.bench.report;

import java.util.ArrayList;
import java.util.List;

/** From a number to its share of a chart's width: from zero on, or in powers of ten. */
record Axis(double from, double to, boolean logarithmic) {

  private static final int TICKS = 5;

  static Axis of(List<Chart.Bar> bars, boolean logarithmic) {
    double most = bars.stream().mapToDouble(bar -> bar.summary().most()).max().orElse(1);
    double least = bars.stream().mapToDouble(bar -> bar.summary().least()).min().orElse(1);
    if (!logarithmic) {
      return new Axis(0, Math.max(most, Double.MIN_NORMAL), false);
    }
    // A handler may begin before its submission returns; such times have no logarithm.
    double floor = Math.max(least, 0.01);
    double from = Math.pow(10, Math.floor(Math.log10(floor)));
    return new Axis(from, Math.max(most, 10 * from), true);
  }

  /** From 0 to 1. */
  double share(double value) {
    double share =
        logarithmic
            ? Math.log(Math.max(value, from) / from) / Math.log(to / from)
            : (value - from) / (to - from);
    return Math.clamp(share, 0, 1);
  }

  List<Double> ticks() {
    List<Double> ticks = new ArrayList<>();
    if (logarithmic) {
      for (double tick = from; tick <= to; tick *= 10) {
        ticks.add(tick);
      }
    } else {
      double step = roundStep();
      for (int i = 0; i * step <= to; i++) {
        ticks.add(i * step);
      }
    }
    return ticks;
  }

  /** 1, 2 or 5 times a power of ten. */
  private double roundStep() {
    double raw = (to - from) / TICKS;
    double power = Math.pow(10, Math.floor(Math.log10(raw)));
    double digit = raw / power;
    return power * (digit < 1.5 ? 1 : digit < 3.5 ? 2 : digit < 7.5 ? 5 : 10);
  }
}
