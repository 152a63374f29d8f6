package dev.trunkline.execute;

import dev.trunkline.database.ConnectionSetup;
import dev.trunkline.database.SqlFault;
import dev.trunkline.finish.AttemptEnd;
import dev.trunkline.finish.AttemptEndWriter;
import dev.trunkline.task.RetryPolicy;
import dev.trunkline.task.TaskHandler;
import io.agroal.api.AgroalDataSource;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.transaction.NotSupportedException;
import jakarta.transaction.SystemException;
import jakarta.transaction.TransactionManager;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.jboss.logging.Logger;

/**
 * Runs an attempt of a transactional handler: what it writes and its own success are one commit.
 * The success is guarded by the attempt like any other, so an attempt that has lost its lease rolls
 * back what it has written. An end without success is written apart, after the rollback.
 *
 * <p>A commit whose answer is lost leaves open whether it was made. Then the attempt is said to
 * have failed, and the guard decides: where it was made, the task is final and nothing is changed.
 */
@Singleton
class EffectOnce {

  private static final Logger LOG = Logger.getLogger(EffectOnce.class);

  /** Beyond the attempt's timeout, which comes first and says what happened. */
  private static final Duration MARGIN = Duration.ofMinutes(1);

  private final HandlerCall call;
  private final Verdict verdict;
  private final AttemptEndWriter ends;
  private final TransactionManager transactions;
  private final Semaphore places;

  @Inject
  EffectOnce(
      HandlerCall call,
      Verdict verdict,
      AttemptEndWriter ends,
      TransactionManager transactions,
      AgroalDataSource dataSource) {
    this(
        call,
        verdict,
        ends,
        transactions,
        dataSource.getConfiguration().connectionPoolConfiguration().maxSize() / 2);
  }

  /**
   * @param atOnce attempts that may hold a connection at the same moment: half of the pool, for the
   *     claims, heartbeats and ends of all others need connections too
   */
  EffectOnce(
      HandlerCall call,
      Verdict verdict,
      AttemptEndWriter ends,
      TransactionManager transactions,
      int atOnce) {
    this.call = call;
    this.verdict = verdict;
    this.ends = ends;
    this.transactions = transactions;
    this.places = new Semaphore(Math.max(1, atOnce));
  }

  /** How the attempt ended; empty where that is somebody else's affair by now. */
  Optional<Conclusion> run(TaskHandler<?, ?> handler, RunningAttempt attempt) {
    places.acquireUninterruptibly();
    try {
      begin(attempt.task().timeout().plus(MARGIN));
      return runInTransaction(handler, attempt);
    } finally {
      rollbackWhatIsLeft();
      places.release();
    }
  }

  private Optional<Conclusion> runInTransaction(TaskHandler<?, ?> handler, RunningAttempt attempt) {
    // The attempt's timeout ends it here; the database does it for a process that has frozen.
    Duration atMost = attempt.task().timeout().plus(MARGIN);
    Optional<AttemptEnd> end =
        ConnectionSetup.idleAtMost(atMost, () -> call.make(handler, attempt));
    if (end.isPresent() && end.get() instanceof AttemptEnd.Success success) {
      return Optional.of(commit(success, attempt, handler.type().retry()));
    }
    return end.map(Conclusion::unwritten);
  }

  private Conclusion commit(AttemptEnd.Success success, RunningAttempt attempt, RetryPolicy retry) {
    try {
      if (!ends.write(List.of(success), List.of()).contains(attempt.task().token())) {
        return Conclusion.written(success, false);
      }
      transactions.commit();
      return Conclusion.written(success, true);
    } catch (Exception e) {
      boolean badResult = SqlFault.behind(e).equals(Optional.of(SqlFault.BAD_DATA));
      return Conclusion.unwritten(
          badResult
              ? Verdict.unwritable(attempt.ran(), SqlFault.BAD_DATA)
              : verdict.failure(attempt, retry, e));
    }
  }

  private void begin(Duration timeout) {
    try {
      transactions.setTransactionTimeout((int) Math.min(Integer.MAX_VALUE, timeout.toSeconds()));
      transactions.begin();
    } catch (NotSupportedException | SystemException e) {
      throw new IllegalStateException("no transaction could be begun", e);
    }
  }

  /** After a commit nothing is. */
  private void rollbackWhatIsLeft() {
    try {
      if (transactions.getTransaction() != null) {
        transactions.rollback();
      }
    } catch (SystemException | RuntimeException e) {
      LOG.debugf(e, "The rollback failed; the database makes it when it notices.");
    }
  }
}
