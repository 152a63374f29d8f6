package dev.trunkline.bench;

import dev.trunkline.bench.Contender.Latency;
import java.util.List;

/** Percentiles of what was measured one by one. */
final class Latencies {

  private Latencies() {}

  static Latency of(List<Double> millis) {
    List<Double> sorted = millis.stream().sorted().toList();
    return new Latency(sorted.size(), at(sorted, 0.50), at(sorted, 0.99), at(sorted, 1));
  }

  private static double at(List<Double> sorted, double share) {
    int place = (int) Math.ceil(share * sorted.size()) - 1;
    return sorted.get(Math.max(0, place));
  }
}
