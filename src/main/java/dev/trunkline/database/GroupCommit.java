package dev.trunkline.database;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;

/**
 * Writes what many threads bring at once as few statements: whoever finds no write under way writes
 * everything that has gathered, its own item among it, and each caller gets the answer to its own
 * item once that is committed. So a lone caller waits for nobody, and a crowd shares its commits.
 *
 * <p>A batch that fails for a reason of its data, or behind a lock, is halved until the item at
 * fault stands alone: only that item's caller sees the error. Where its first and its last item
 * wait in vain for a lock, each on its own, somebody holds the whole table, and all of it fails: to
 * ask for every item would let everybody wait for all of these times together.
 *
 * @param <I> what is written
 * @param <O> the answer to one item
 */
public final class GroupCommit<I, O> {

  /** Of a batch, but for a single item that weighs more: it is in memory several times. */
  static final int HEAVIEST = 8 * 1024 * 1024;

  private final int atMost;
  private final ToIntFunction<I> weigher;
  private final Function<List<I>, List<O>> write;
  private final Queue<Entry<I, O>> waiting = new ConcurrentLinkedQueue<>();
  private final ReentrantLock writing = new ReentrantLock();

  /**
   * @param atMost items in one batch
   * @param write commits a batch as a whole or not at all, and answers in the batch's order
   */
  public GroupCommit(int atMost, Function<List<I>, List<O>> write) {
    this(atMost, _ -> 0, write);
  }

  /**
   * One whose batches also end where they become heavy, after 8 Mi of what is weighed.
   *
   * @param atMost items in one batch
   * @param weigher how much memory an item takes, in bytes or characters
   * @param write commits a batch as a whole or not at all, and answers in the batch's order
   */
  public GroupCommit(int atMost, ToIntFunction<I> weigher, Function<List<I>, List<O>> write) {
    this.atMost = atMost;
    this.weigher = weigher;
    this.write = write;
  }

  /**
   * Writes an item and answers when it is committed.
   *
   * @throws RuntimeException what the write threw for this item, or for its whole batch where the
   *     database could not be reached; then it may or may not be written
   */
  public O submit(I item) {
    return submitAll(List.of(item)).getFirst().get();
  }

  /**
   * Writes several items, with one statement where nobody else brings some, and answers when all of
   * them are committed.
   *
   * @return for each what {@link #submit} would have answered or thrown
   */
  public List<Supplier<O>> submitAll(List<I> items) {
    List<Entry<I, O>> entries =
        items.stream().map(item -> new Entry<I, O>(item, new CompletableFuture<>())).toList();
    waiting.addAll(entries);
    entries.forEach(this::awaitAnswer);
    return entries.stream().map(GroupCommit::answer).toList();
  }

  private void awaitAnswer(Entry<I, O> entry) {
    while (!entry.answer.isDone()) {
      writing.lock();
      try {
        writeWhatGathered(entry);
      } finally {
        writing.unlock();
      }
    }
  }

  /** Items that no write has begun with. */
  int waiting() {
    return waiting.size();
  }

  private void writeWhatGathered(Entry<I, O> own) {
    if (own.answer.isDone()) {
      return;
    }
    writeOrNarrow(gathered());
  }

  /** What is to be written together; only whoever writes takes from what waits. */
  private List<Entry<I, O>> gathered() {
    List<Entry<I, O>> batch = new ArrayList<>();
    long weight = 0;
    for (Entry<I, O> next; batch.size() < atMost && (next = waiting.peek()) != null; ) {
      weight += weigher.applyAsInt(next.item);
      if (weight > HEAVIEST && !batch.isEmpty()) {
        break;
      }
      batch.add(waiting.remove());
    }
    return batch;
  }

  private void writeOrNarrow(List<Entry<I, O>> batch) {
    attempt(batch).ifPresent(thrown -> narrow(batch, thrown));
  }

  private void narrow(List<Entry<I, O>> batch, Throwable thrown) {
    if (batch.size() == 1 || SqlFault.leavesDoubt(thrown)) {
      fail(batch, thrown);
    } else if (SqlFault.isLockTimeout(thrown)) {
      askTheOutermost(batch);
    } else {
      halve(batch);
    }
  }

  private void askTheOutermost(List<Entry<I, O>> batch) {
    List<Entry<I, O>> outermost = List.of(batch.getFirst(), batch.getLast());
    List<Optional<Throwable>> faults =
        outermost.stream().map(entry -> attempt(List.of(entry))).toList();
    if (faults.stream().allMatch(GroupCommit::isLocked)) {
      fail(batch, faults.getFirst().orElseThrow());
      return;
    }
    for (int i = 0; i < outermost.size(); i++) {
      List<Entry<I, O>> one = List.of(outermost.get(i));
      faults.get(i).ifPresent(thrown -> fail(one, thrown));
    }
    halve(batch.subList(1, batch.size() - 1));
  }

  private void halve(List<Entry<I, O>> batch) {
    List<List<Entry<I, O>>> halves =
        List.of(batch.subList(0, batch.size() / 2), batch.subList(batch.size() / 2, batch.size()));
    halves.stream().filter(half -> !half.isEmpty()).forEach(this::writeOrNarrow);
  }

  /** Answers everybody in the batch, or tells why nobody could be. */
  private Optional<Throwable> attempt(List<Entry<I, O>> batch) {
    try {
      List<O> answers = write.apply(batch.stream().map(Entry::item).toList());
      for (int i = 0; i < batch.size(); i++) {
        batch.get(i).answer.complete(answers.get(i));
      }
      return Optional.empty();
    } catch (RuntimeException | Error thrown) {
      return Optional.of(thrown);
    }
  }

  private static boolean isLocked(Optional<Throwable> thrown) {
    return thrown.filter(SqlFault::isLockTimeout).isPresent();
  }

  private static <I, O> void fail(List<Entry<I, O>> batch, Throwable thrown) {
    batch.forEach(entry -> entry.answer.completeExceptionally(thrown));
  }

  private static <O> Supplier<O> answer(Entry<?, O> entry) {
    return () -> answerOf(entry);
  }

  private static <O> O answerOf(Entry<?, O> entry) {
    try {
      return entry.answer.join();
    } catch (CompletionException wrapped) {
      if (wrapped.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw wrapped;
    }
  }

  private record Entry<I, O>(I item, CompletableFuture<O> answer) {}
}
