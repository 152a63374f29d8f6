package dev.trunkline.bench;

/** In milliseconds; less than zero where a handler began before the submitting call returned. */
public record Latency(long tasks, double p50, double p99, double max) {

  /** Of what was measured one by one, in ascending order. */
  public static Latency of(double[] sorted) {
    return new Latency(sorted.length, at(sorted, 0.5), at(sorted, 0.99), at(sorted, 1));
  }

  private static double at(double[] sorted, double share) {
    return sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)];
  }
}
