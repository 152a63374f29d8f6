package dev.trunkline.api;

import dev.trunkline.config.TrunklineConfig;
import dev.trunkline.database.StoreException;
import dev.trunkline.inspect.TaskSnapshot;
import dev.trunkline.inspect.TaskWatch;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response.ResponseBuilder;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;

/**
 * Lets requests with {@code Prefer: wait=N} wait for a task to end. A request that waits is a
 * virtual thread that is parked: it holds no thread of the operating system and no connection.
 */
@ApplicationScoped
class LongPolls {

  private static final Logger LOG = Logger.getLogger(LongPolls.class);
  private static final String PREFERENCE_APPLIED = "Preference-Applied";

  /** How much longer the last look may take, where the database does not answer. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final TaskWatch watch;
  private final Waits waits;
  private final CurrentVertxRequest request;
  private final Duration longest;

  LongPolls(TaskWatch watch, Waits waits, CurrentVertxRequest request, TrunklineConfig config) {
    this.watch = watch;
    this.waits = waits;
    this.request = request;
    this.longest = Duration.ofSeconds(config.waiting().max().toSeconds());
  }

  /**
   * Begins with a request that may want to wait. Before anything is done for it, so that one that
   * is refused has changed nothing.
   *
   * @param prefer the values of its header fields {@code Prefer}
   * @throws dev.trunkline.task.RefusedException where too many wait already
   */
  LongPoll begin(List<String> prefer) {
    Optional<Duration> wait =
        PreferHeader.waiting(prefer)
            .map(wanted -> wanted.compareTo(longest) > 0 ? longest : wanted);
    return new LongPoll(wait, wait.filter(Duration::isPositive).map(time -> waits.begin()));
  }

  /** One request; it has to be closed. */
  final class LongPoll implements AutoCloseable {

    private final Optional<Duration> wait;
    private final Optional<Waits.Wait> place;

    private LongPoll(Optional<Duration> wait, Optional<Waits.Wait> place) {
      this.wait = wait;
      this.place = place;
    }

    /** Whether the client asked for it at all. */
    boolean isWanted() {
      return wait.isPresent();
    }

    /**
     * The task when it is final, or as it stands when the time is over.
     *
     * @param now how it stands, as far as is known
     * @throws StoreException where the database does not answer at the end
     */
    TaskSnapshot end(TaskSnapshot now) {
      if (now.isFinal() || place.isEmpty()) {
        return now;
      }
      Duration atMost = wait.orElseThrow();
      CompletableFuture<TaskSnapshot> end = watch.end(now.id(), atMost);
      try {
        // There is no request any more where its client went before this.
        Client.whenGone(request.getCurrent(), () -> end.complete(now));
        return await(end, atMost.plus(PATIENCE));
      } finally {
        end.cancel(false);
      }
    }

    /** The same; where the end cannot be known, as it stands as far as is known. */
    TaskSnapshot endIfKnown(TaskSnapshot now) {
      try {
        return end(now);
      } catch (RuntimeException e) {
        LOG.debugf(e, "The end of task %s is not known", now.id());
        return now;
      }
    }

    /** What has become of the wish. */
    ResponseBuilder appliedTo(ResponseBuilder answer) {
      wait.ifPresent(time -> answer.header(PREFERENCE_APPLIED, "wait=" + time.toSeconds()));
      return answer;
    }

    @Override
    public void close() {
      place.ifPresent(Waits.Wait::close);
    }
  }

  private static TaskSnapshot await(CompletableFuture<TaskSnapshot> end, Duration atMost) {
    try {
      return end.get(atMost.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
    } catch (TimeoutException e) {
      throw new StoreException(new SQLTimeoutException("no look at the task in time", e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
