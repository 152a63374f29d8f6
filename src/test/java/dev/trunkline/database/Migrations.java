package dev.trunkline.database;

import dev.trunkline.config.TestConfig;
import java.util.Map;

/** Migrations of a test's own. */
public final class Migrations {

  private Migrations() {}

  /** One that has been done, by whomever. */
  public static Migration done() {
    return new Migration(null, TestConfig.with(Map.of()), new String[0]) {
      @Override
      public boolean isDone() {
        return true;
      }
    };
  }
}
