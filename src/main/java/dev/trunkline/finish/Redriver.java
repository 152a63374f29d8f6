package dev.trunkline.finish;

import dev.trunkline.inspect.TaskLister;
import dev.trunkline.inspect.TaskPage;
import dev.trunkline.task.TaskFilter;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.UUID;

/**
 * Retries many tasks at once: those that a list would show. The newest go first, in portions that
 * each are one short transaction, so that a million of them hold up nobody; each is found once,
 * also if it fails again meanwhile.
 */
@ApplicationScoped
public class Redriver {

  private static final int PORTION = 500;

  /** Pages of the list that are read for one call, beside those that were full. */
  private static final int PAGES = 50;

  private final TaskLister lister;
  private final Retrier retrier;

  Redriver(TaskLister lister, Retrier retrier) {
    this.lister = lister;
    this.retrier = retrier;
  }

  /**
   * Retries a bounded number; what was retried is committed when this returns.
   *
   * @param filter of the failed, or of the cancelled
   * @param limit tasks at most
   * @param below where it begins: only tasks with smaller ids
   */
  public Redriven redrive(TaskFilter filter, int limit, Optional<UUID> below) {
    int retried = 0;
    int found = 0;
    Optional<UUID> place = below;
    for (int pages = 0; pages <= PAGES + limit / PORTION && found < limit; pages++) {
      TaskPage<UUID> page = lister.ids(filter, Math.min(PORTION, limit - found), place);
      retried += retrier.retryAll(page.items());
      found += page.items().size();
      place = page.next();
      if (place.isEmpty()) {
        break;
      }
    }
    return new Redriven(retried, place);
  }

  /**
   * What came of it.
   *
   * @param next where the next call begins; empty where nothing is left
   */
  public record Redriven(int retried, Optional<UUID> next) {}
}
