package dev.trunkline.api;

import dev.trunkline.config.TrunklineConfig;
import dev.trunkline.inspect.TaskSnapshot;
import dev.trunkline.inspect.TaskWatch;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduler;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.BackPressureStrategy;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.jboss.logging.Logger;

/** The streams of events that are open in this process. Thread-safe. */
@ApplicationScoped
class EventStreams {

  private static final Logger LOG = Logger.getLogger(EventStreams.class);

  /** In milliseconds. Not the same for all, who come back at once when a process has left. */
  private static final long SOONEST_RECONNECT = 1_000;

  private static final long LATEST_RECONNECT = 3_000;

  private final Map<EventStream, HttpServerResponse> open = new ConcurrentHashMap<>();
  private final TaskWatch watch;
  private final Waits waits;
  private final CurrentVertxRequest request;

  EventStreams(TaskWatch watch, Waits waits, CurrentVertxRequest request, MeterRegistry meters) {
    this.watch = watch;
    this.waits = waits;
    this.request = request;
    meters.gaugeMapSize("trunkline.streams", Tags.empty(), open);
  }

  void atStart(@Observes StartupEvent event, Scheduler scheduler, TrunklineConfig config) {
    scheduler
        .newJob("keep-alive")
        .setInterval(config.events().keepAlive().toString())
        .setTask(execution -> keepAlive())
        .schedule();
  }

  /**
   * The events of a task for the client whose request is at hand.
   *
   * @param now the task as it stands
   * @param seen the event that the client has seen last
   * @throws dev.trunkline.task.RefusedException where too many wait already
   */
  Multi<OutboundSseEvent> of(TaskSnapshot now, Optional<EventId> seen, Sse sse) {
    RoutingContext context = request.getCurrent();
    if (context.request().method().equals(HttpMethod.HEAD)) {
      return Multi.createFrom().empty();
    }
    Waits.Wait place = waits.begin();
    // Where the client is gone before anything was sent, nobody subscribes and nothing terminates.
    Client.whenGone(context, place::close);
    return Multi.createFrom()
        .<OutboundSseEvent>emitter(
            client -> begin(new EventStream(now.id(), seen, sse, client), now, context.response()),
            BackPressureStrategy.LATEST)
        .onTermination()
        .invoke(place::close);
  }

  void begin(EventStream stream, TaskSnapshot now, HttpServerResponse response) {
    open.put(stream, response);
    stream.onEnd(() -> end(stream));
    // Before it is watched, so that nothing newer comes before the beginning.
    stream.open(now, reconnectMillis());
    if (!now.isFinal()) {
      watch.add(stream);
    }
    if (!open.containsKey(stream)) {
      // It has ended meanwhile, perhaps before it was watched.
      watch.remove(stream);
    }
  }

  private void end(EventStream stream) {
    open.remove(stream);
    watch.remove(stream);
  }

  private static long reconnectMillis() {
    return ThreadLocalRandom.current().nextLong(SOONEST_RECONNECT, LATEST_RECONNECT);
  }

  /** Tells every client that its stream is still there, and cuts off those that take nothing. */
  void keepAlive() {
    open.forEach(
        (stream, response) -> {
          if (!stream.keepAlive()) {
            LOG.debugf("A client that followed task %s takes nothing any more", stream.task());
            response.reset();
          }
        });
  }
}
