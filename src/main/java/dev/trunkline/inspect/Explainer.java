package dev.trunkline.inspect;

import dev.trunkline.database.StoreException;
import dev.trunkline.inspect.Explanation.Reason;
import dev.trunkline.task.Refusal;
import dev.trunkline.task.TaskState;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;
import javax.sql.DataSource;

/** Says why a task does not run, from the same rows that the claims look at. */
@ApplicationScoped
public class Explainer {

  private final DataSource dataSource;

  Explainer(DataSource dataSource) {
    this.dataSource = dataSource;
  }

  /**
   * The first reason that keeps the task waiting, or what became of it.
   *
   * @throws dev.trunkline.task.RefusedException where there is no such task
   */
  @Transactional
  public Explanation explain(UUID task) {
    try (Connection connection = dataSource.getConnection();
        PreparedStatement look = connection.prepareStatement(ExplainSql.LOOK)) {
      ExplainSql.bind(look, task);
      try (ResultSet row = look.executeQuery()) {
        if (!row.next()) {
          throw new Refusal.NoSuchTask(task.toString()).exception();
        }
        return explanation(ExplainSql.read(row));
      }
    } catch (SQLException e) {
      throw new StoreException(e);
    }
  }

  private static Explanation explanation(Standing task) {
    Reason reason = reason(task);
    Standing.Rivals rivals = task.rivals();
    boolean queued = task.state() == TaskState.QUEUED;
    boolean inLine = queued && rivals.ofQueue() > 0;
    return new Explanation(
        task.id(),
        task.state(),
        reason,
        Words.of(reason, task),
        task.type(),
        task.queue(),
        task.attempt(),
        reason == Reason.SCHEDULED ? task.runAt() : null,
        task.pausedAt().orElse(null),
        inLine ? rivals.ahead() + 1 : null,
        inLine ? rivals.exact() : null,
        queued ? workers(rivals) : null,
        task.worker().orElse(null),
        task.startedAt().orElse(null),
        task.finishedAt().orElse(null),
        task.error().orElse(null));
  }

  private static Explanation.Rivals workers(Standing.Rivals rivals) {
    return new Explanation.Rivals(
        rivals.workers(), rivals.ofType(), rivals.ofQueue(), rivals.capacity(), rivals.running());
  }

  private static Reason reason(Standing task) {
    return switch (task.state()) {
      case SCHEDULED -> task.late() ? Reason.EXPIRED : Reason.SCHEDULED;
      case QUEUED -> whyQueued(task);
      case RUNNING -> whyRunning(task);
      case SUCCEEDED -> Reason.SUCCEEDED;
      case FAILED -> Reason.FAILED;
      case CANCELLED -> Reason.CANCELLED;
    };
  }

  private static Reason whyQueued(Standing task) {
    Standing.Rivals rivals = task.rivals();
    if (task.late()) {
      return Reason.EXPIRED;
    }
    if (task.pausedAt().isPresent()) {
      return Reason.QUEUE_PAUSED;
    }
    if (rivals.ofType() == 0) {
      return Reason.NO_WORKER_FOR_TYPE;
    }
    if (rivals.ofQueue() == 0) {
      return Reason.NO_WORKER_FOR_QUEUE;
    }
    // What is free goes to those in front.
    if (rivals.ahead() >= rivals.freeInside() + rivals.freeOutside()) {
      return Reason.NO_CAPACITY;
    }
    // A process has seen to it that it hears of the task; who is outside has to ask.
    boolean nobodyAsks = rivals.ahead() >= rivals.freeInside() && task.overdue();
    return nobodyAsks ? Reason.NO_WORKER_ASKING : Reason.STARTING;
  }

  private static Reason whyRunning(Standing task) {
    if (task.silentSince().isPresent()) {
      return Reason.WORKER_SILENT;
    }
    return task.cancelRequestedAt().isPresent() ? Reason.CANCELLING : Reason.RUNNING;
  }
}
