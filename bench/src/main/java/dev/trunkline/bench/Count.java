package dev.trunkline.bench;

/** Tasks, and the seconds that they took together. */
public record Count(long tasks, double seconds) {

  double rate() {
    return tasks / seconds;
  }
}
