package dev.trunkline.submit;

import dev.trunkline.database.SqlFault;
import dev.trunkline.submit.TaskWriter.KeyHolder;
import dev.trunkline.task.Refusal;
import dev.trunkline.task.RefusedException;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Stores submissions with few statements and gives each its own receipt: one that is refused takes
 * no other with it, nor does one whose key somebody's open transaction holds. Once the database
 * does not take them nothing more is tried, so that what is stored is a beginning of the list.
 */
@ApplicationScoped
class OneByOne {

  /** How often a list is written that loses against other transactions. */
  private static final int TRIES = 3;

  /** Keys that one list may wait for; with more it is taken for the table that somebody holds. */
  private static final int KEYS_IN_USE = 20;

  private final TaskWriter writer;

  OneByOne(TaskWriter writer) {
    this.writer = writer;
  }

  /**
   * The receipts in the order of the submissions. What was committed is so when this returns.
   *
   * @param check passes a submission, or refuses it by a {@link RefusedException}
   */
  List<Receipt> store(List<Submission> submissions, Function<Submission, NewTask> check) {
    List<Item> items = submissions.stream().map(Item::new).toList();
    new Run(check).store(items);
    return items.stream().map(Item::receipt).toList();
  }

  private static List<Item> open(List<Item> items) {
    return items.stream().filter(item -> item.receipt == null).toList();
  }

  private static void fail(List<Item> items, RuntimeException thrown) {
    items.forEach(item -> item.receipt = new Receipt.Failed(thrown));
  }

  /** One list on its way into the database. */
  private final class Run {

    private final Function<Submission, NewTask> check;
    private int losses;
    private int keysInUse;
    private boolean hurried;
    private @Nullable RuntimeException away;

    Run(Function<Submission, NewTask> check) {
      this.check = check;
    }

    /** Again for those that a write leaves open: it lost, or their keys were taken in between. */
    void store(List<Item> items) {
      for (List<Item> open = items; !open.isEmpty(); open = open(open)) {
        if (away != null) {
          fail(open, away);
          return;
        }
        try {
          storeOnce(open);
        } catch (RuntimeException thrown) {
          recover(open(open), thrown);
        }
      }
    }

    private void storeOnce(List<Item> items) {
      // Before the checks, which may have come to another result since the first submission.
      findByKeys(items.stream().filter(Item::hasKey).toList());
      open(items).forEach(item -> item.check(check));
      List<Item> passed = open(items);
      if (!passed.isEmpty()) {
        writeOrNarrow(passed);
      }
    }

    private void writeOrNarrow(List<Item> passed) {
      try {
        write(passed);
      } catch (RuntimeException thrown) {
        if (!SqlFault.isLockTimeout(thrown)) {
          throw thrown;
        }
        narrow(passed, thrown);
      }
    }

    private void write(List<Item> passed) {
      List<NewTask> tasks = passed.stream().map(Item::checked).toList();
      List<Optional<UUID>> stored =
          hurried ? writer.writeForIdsOrGiveUp(tasks) : writer.writeForIds(tasks);
      for (int i = 0; i < passed.size(); i++) {
        Item item = passed.get(i);
        stored.get(i).ifPresent(id -> item.receipt = new Receipt.Stored(id, false));
      }
    }

    /** One without a key waits for nobody but who holds the whole table. In the list's order. */
    private void narrow(List<Item> locked, RuntimeException thrown) {
      hurried = true;
      if (locked.size() > 1) {
        store(locked.subList(0, locked.size() / 2));
        store(locked.subList(locked.size() / 2, locked.size()));
      } else if (locked.getFirst().hasKey() && ++keysInUse <= KEYS_IN_USE) {
        locked.getFirst().refuseKeyInUse();
      } else {
        away = thrown;
      }
    }

    /** What fails for a reason of its data is halved until the item at fault stands alone. */
    private void recover(List<Item> open, RuntimeException thrown) {
      if (SqlFault.leavesDoubt(thrown)) {
        away = thrown;
      } else if (SqlFault.behind(thrown).filter(SqlFault::passes).isPresent()) {
        away = ++losses == TRIES ? thrown : null;
      } else if (open.size() == 1) {
        fail(open, thrown);
      } else {
        store(open.subList(0, open.size() / 2));
        store(open.subList(open.size() / 2, open.size()));
      }
    }
  }

  private void findByKeys(List<Item> keyed) {
    Map<Integer, KeyHolder> holders =
        writer.findByKeys(keyed.stream().map(item -> item.submission).toList());
    holders.forEach((place, holder) -> keyed.get(place).meet(holder));
  }

  /** A submission on its way to its receipt. */
  private static final class Item {

    private final Submission submission;
    private @Nullable NewTask checked;
    private @Nullable Receipt receipt;

    Item(Submission submission) {
      this.submission = submission;
    }

    boolean hasKey() {
      return submission.idempotencyKey().isPresent();
    }

    void meet(KeyHolder holder) {
      receipt =
          holder.same()
              ? new Receipt.Stored(holder.id(), true)
              : new Receipt.Refused(
                  new Refusal.KeyReused(submission.idempotencyKey().orElseThrow()));
    }

    void refuseKeyInUse() {
      String key = submission.idempotencyKey().orElseThrow();
      receipt = new Receipt.Refused(new Refusal.KeyInUse(key));
    }

    void check(Function<Submission, NewTask> check) {
      if (checked != null) {
        return;
      }
      try {
        checked = check.apply(submission);
      } catch (RefusedException refused) {
        receipt = new Receipt.Refused(refused.refusal());
      } catch (RuntimeException thrown) {
        if (SqlFault.behind(thrown).isPresent()) {
          // The check asks the database, and for all that come after the answer would be the same.
          throw thrown;
        }
        receipt = new Receipt.Failed(thrown);
      }
    }

    NewTask checked() {
      return Objects.requireNonNull(checked);
    }

    Receipt receipt() {
      return Objects.requireNonNull(receipt);
    }
  }
}
