package dev.trunkline.it;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How long the scenarios burn: short in every build, long with {@code -Pfire}, and as long as
 * {@code -Dfire.duration=PT1H} says. {@code -Dfire.seed=…} repeats the random choices of a run;
 * what the machine makes of them is its own.
 */
final class Fire {

  private static final boolean LONG = Boolean.getBoolean("fire.long");

  private Fire() {}

  static long seed() {
    return Long.getLong("fire.seed", ThreadLocalRandom.current().nextLong(1_000_000));
  }

  /** How long to burn at least. */
  static Duration duration(Duration inEveryBuild) {
    Duration unlessSaid = LONG ? Duration.ofMinutes(10) : inEveryBuild;
    String said = System.getProperty("fire.duration");
    return said == null ? unlessSaid : Duration.parse(said);
  }

  /** How often, or how many. */
  static int count(int inEveryBuild, int inALongRun) {
    return LONG ? inALongRun : inEveryBuild;
  }
}
