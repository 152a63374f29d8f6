package dev.trunkline.inspect;

import dev.trunkline.database.TestDatabase;

/** Lists of a test's own. */
public final class Lists {

  private Lists() {}

  public static TaskLister in(TestDatabase database) {
    return new TaskLister(database.dataSource());
  }
}
