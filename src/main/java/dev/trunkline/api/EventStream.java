package dev.trunkline.api;

import dev.trunkline.inspect.Stamp;
import dev.trunkline.inspect.TaskSnapshot;
import dev.trunkline.inspect.Watcher;
import io.smallrye.mutiny.subscription.MultiEmitter;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.util.Optional;
import java.util.UUID;

/**
 * One client's stream of a task's events. It asks to be told only while the client takes what it is
 * sent, so that one that is slow gets the newest state when it is ready again, and never more than
 * one event waits for it. Thread-safe.
 */
final class EventStream implements Watcher {

  /** Keep-alives for which the client has taken nothing. */
  private static final int STUCK = 4;

  private final UUID task;
  private final Sse sse;
  private final MultiEmitter<? super OutboundSseEvent> client;
  private Optional<EventId> seen;
  private String version = "";
  private int stuck;

  EventStream(
      UUID task, Optional<EventId> seen, Sse sse, MultiEmitter<? super OutboundSseEvent> client) {
    this.task = task;
    this.seen = seen;
    this.sse = sse;
    this.client = client;
  }

  /** To be done when the stream has ended, for whatever reason. */
  void onEnd(Runnable what) {
    client.onTermination(what);
  }

  /**
   * Begins with the present state, where the client has not seen it.
   *
   * @param reconnectMillis after which the client comes back when the stream breaks
   */
  synchronized void open(TaskSnapshot now, long reconnectMillis) {
    OutboundSseEvent.Builder first = sse.newEventBuilder().reconnectDelay(reconnectMillis);
    send(now, first.comment(" " + task));
  }

  @Override
  public UUID task() {
    return task;
  }

  @Override
  public synchronized boolean wants(Stamp stamp) {
    return isReady() && !stamp.version().equals(version);
  }

  @Override
  public synchronized void tell(Stamp stamp, TaskSnapshot snapshot) {
    version = stamp.version();
    if (!seen.equals(Optional.of(EventId.of(snapshot)))) {
      send(snapshot, sse.newEventBuilder());
    }
  }

  /** Says that it is still there, or gives up a client that does not listen. */
  synchronized boolean keepAlive() {
    if (isReady()) {
      stuck = 0;
      client.emit(sse.newEventBuilder().comment(" keep-alive").build());
    } else {
      stuck++;
    }
    return stuck < STUCK;
  }

  @Override
  public void deleted() {
    client.complete();
  }

  /** The client waits on, and is told when the database is back. */
  @Override
  public void unanswered(Throwable why) {}

  /** The client comes back to another process, with the id of the event that it has seen last. */
  @Override
  public void goodbye() {
    client.complete();
  }

  private boolean isReady() {
    return client.requested() > 0;
  }

  private void send(TaskSnapshot snapshot, OutboundSseEvent.Builder event) {
    EventId id = EventId.of(snapshot);
    if (!seen.equals(Optional.of(id))) {
      boolean progressed = seen.filter(id::isSameStanding).isPresent();
      event.name(progressed ? "progress" : "state").id(id.toString()).data(snapshot.json());
    }
    seen = Optional.of(id);
    client.emit(event.build());
    if (snapshot.isFinal()) {
      client.complete();
    }
  }
}
