package dev.trunkline.database;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Writes what many threads bring at once as few statements: whoever finds no write under way writes
 * everything that has gathered, its own item among it, and each caller gets the answer to its own
 * item once that is committed. So a lone caller waits for nobody, and a crowd shares its commits.
 * Who has its answers passes the turn to whoever has waited longest; all the others sleep until
 * theirs are there.
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

  /** Whether somebody has the turn to write, or is about to be given it. */
  private final AtomicBoolean taken = new AtomicBoolean();

  private volatile boolean leavesSome;

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
    GroupCaller.Sleeper caller = new GroupCaller.Sleeper(items.size());
    List<Entry<I, O>> entries =
        items.stream()
            .map(item -> new Entry<I, O>(item, weigher.applyAsInt(item), caller))
            .toList();
    waiting.addAll(entries);
    passTheTurnIfNobodyHasIt();
    try {
      while (caller.sleepUntilAnsweredOrItsTurn()) {
        takeTheTurn(caller);
      }
    } finally {
      caller.passOnInterrupt();
    }
    return entries.stream().map(GroupCommit::answer).toList();
  }

  /**
   * Has an item written, and does not wait for it.
   *
   * @param writer writes where it is this item's turn to
   * @return what {@link #submit} would have answered or thrown, or a {@link WriterClosedException}
   *     where the writer takes nothing any more; what depends on it runs on the thread that writes,
   *     and is to be short
   */
  public CompletableFuture<O> enqueue(I item, Executor writer) {
    Absent caller = new Absent(writer);
    Entry<I, O> entry = new Entry<>(item, weigher.applyAsInt(item), caller);
    caller.entry = entry;
    waiting.add(entry);
    passTheTurnIfNobodyHasIt();
    return entry.answer;
  }

  private void passTheTurnIfNobodyHasIt() {
    if (taken.compareAndSet(false, true)) {
      passTheTurn();
    }
  }

  private void passTheTurn() {
    for (Entry<I, O> longest; (longest = waiting.peek()) != null; ) {
      if (longest.caller.takesTheTurn()) {
        return;
      }
    }
    taken.set(false);
    if (!waiting.isEmpty()) {
      // It came when the turn was still taken.
      passTheTurnIfNobodyHasIt();
    }
  }

  private void takeTheTurn(GroupCaller caller) {
    try {
      while (!caller.isAnswered()) {
        writeOrNarrow(gathered());
      }
    } finally {
      passTheTurn();
    }
  }

  /** Whether the present write could not take all that waited. */
  boolean leavesSome() {
    return leavesSome;
  }

  /** Items that no write has begun with. */
  int waiting() {
    return waiting.size();
  }

  /** What is to be written together; only whoever has the turn takes from what waits. */
  private List<Entry<I, O>> gathered() {
    List<Entry<I, O>> batch = new ArrayList<>();
    long weight = 0;
    for (Entry<I, O> next; batch.size() < atMost && (next = waiting.peek()) != null; ) {
      weight += next.weight;
      if (weight > HEAVIEST && !batch.isEmpty()) {
        break;
      }
      batch.add(waiting.remove());
    }
    leavesSome = !waiting.isEmpty();
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
        batch.get(i).answer(answers.get(i));
      }
      return Optional.empty();
    } catch (Throwable thrown) {
      return Optional.of(thrown);
    }
  }

  private static boolean isLocked(Optional<Throwable> thrown) {
    return thrown.filter(SqlFault::isLockTimeout).isPresent();
  }

  private static <I, O> void fail(List<Entry<I, O>> batch, Throwable thrown) {
    batch.forEach(entry -> entry.fail(thrown));
  }

  private static <O> Supplier<O> answer(Entry<?, O> entry) {
    return () -> await(entry.answer);
  }

  /** The answer, or what the write threw, when it is there. */
  static <O> O await(CompletableFuture<O> answer) {
    try {
      return answer.join();
    } catch (CompletionException wrapped) {
      if (wrapped.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw wrapped;
    }
  }

  private record Entry<I, O>(I item, int weight, GroupCaller caller, CompletableFuture<O> answer) {

    Entry(I item, int weight, GroupCaller caller) {
      this(item, weight, caller, new CompletableFuture<>());
    }

    void answer(O answered) {
      answer.complete(answered);
      caller.answered();
    }

    void fail(Throwable thrown) {
      // An item that was asked for alone has its answer already.
      if (answer.completeExceptionally(thrown)) {
        caller.answered();
      }
    }
  }

  /** One that has left its item behind. */
  private final class Absent extends GroupCaller {

    private final Executor writer;
    private @Nullable Entry<I, O> entry;

    Absent(Executor writer) {
      super(1);
      this.writer = writer;
    }

    @Override
    void allAnswered() {
      // Whoever depends on the answer has heard of it.
    }

    @Override
    boolean takesTheTurn() {
      try {
        writer.execute(() -> takeTheTurn(this));
        return true;
      } catch (Throwable e) {
        // The turn is not to be lost with it.
        Entry<I, O> own = requireNonNull(entry);
        waiting.remove(own);
        own.fail(e instanceof RejectedExecutionException ? new WriterClosedException(e) : e);
        return false;
      }
    }
  }
}
