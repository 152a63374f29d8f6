package dev.trunkline.api;

import dev.trunkline.remote.Ask;
import dev.trunkline.remote.HeldLeases;
import dev.trunkline.remote.LeaseDesk;
import dev.trunkline.remote.LeasedTask;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Lets requests for work wait. A request that waits is a virtual thread that is parked: it holds no
 * thread of the operating system and no connection. One whose client goes away waits no longer, and
 * what it did not take any more is given back.
 */
@Singleton
class LeasePolls {

  private final LeaseDesk desk;
  private final HeldLeases held;
  private final Waits waits;
  private final CurrentVertxRequest request;

  LeasePolls(LeaseDesk desk, HeldLeases held, Waits waits, CurrentVertxRequest request) {
    this.desk = desk;
    this.held = held;
    this.waits = waits;
    this.request = request;
  }

  /**
   * The tasks, as soon as there are any; none when the patience is over.
   *
   * @throws dev.trunkline.task.RefusedException where too many wait already
   */
  List<LeasedTask> await(Ask ask) {
    Optional<Waits.Wait> place =
        Optional.of(ask).filter(it -> it.patience().isPositive()).map(_ -> waits.begin());
    try {
      CompletableFuture<List<LeasedTask>> answer = desk.ask(ask);
      RoutingContext client = request.getCurrent();
      client.addEndHandler(
          end -> {
            if (end.failed()) {
              dismiss(answer);
            }
          });
      if (client.response().closed()) {
        dismiss(answer);
      }
      return answer.get();
    } catch (CancellationException e) {
      // Nobody is there to read it.
      return List.of();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } finally {
      place.ifPresent(Waits.Wait::close);
    }
  }

  /** The client has gone away, before it was answered or in the middle of it. */
  private void dismiss(CompletableFuture<List<LeasedTask>> answer) {
    if (!answer.cancel(false) && !answer.isCompletedExceptionally()) {
      List<LeasedTask> untaken = answer.join();
      Thread.ofVirtual().name("give-back").start(() -> held.giveBack(untaken));
    }
  }
}
