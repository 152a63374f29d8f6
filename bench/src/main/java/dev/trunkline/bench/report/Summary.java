package dev.trunkline.bench.report;

import java.util.List;

/**
 * What several rounds say together.
 *
 * @param rounds at least one
 */
record Summary(double median, double least, double most, int rounds, String unit) {

  /** The median of an even number is the mean of the two in the middle. */
  static Summary of(List<Double> values, String unit) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    int middle = sorted.length / 2;
    double median =
        sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    return new Summary(median, sorted[0], sorted[sorted.length - 1], sorted.length, unit);
  }
}
