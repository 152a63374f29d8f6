package dev.trunkline.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trunkline.inspect.Stamp;
import dev.trunkline.inspect.TaskSnapshot;
import dev.trunkline.task.Task;
import dev.trunkline.task.TaskState;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.helpers.test.AssertSubscriber;
import io.smallrye.mutiny.subscription.BackPressureStrategy;
import jakarta.ws.rs.sse.OutboundSseEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jboss.resteasy.reactive.server.jaxrs.SseImpl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventStreamTest {

  private static final UUID TASK = new UUID(0, 1);

  private final List<EventStream> streams = new ArrayList<>();

  @Test
  void another_state_or_attempt_is_a_state_and_all_else_is_progress() {
    AssertSubscriber<OutboundSseEvent> client = client(Optional.empty(), 100);
    EventStream stream = streams.getFirst();
    stream.open(snapshot(TaskState.QUEUED, 1, "a"), 1_500);
    stream.tell(stamp("1"), snapshot(TaskState.RUNNING, 1, "b"));
    stream.tell(stamp("2"), snapshot(TaskState.RUNNING, 1, "c"));
    stream.tell(stamp("3"), snapshot(TaskState.RUNNING, 2, "d"));
    stream.tell(stamp("4"), snapshot(TaskState.RUNNING, 2, "d"));
    stream.tell(stamp("5"), snapshot(TaskState.SUCCEEDED, 2, "e"));

    assertThat(client.getItems())
        .extracting(OutboundSseEvent::getName)
        .containsExactly("state", "state", "progress", "state", "state");
    assertThat(client.getItems())
        .extracting(OutboundSseEvent::getId)
        .containsExactly(
            id(TaskState.QUEUED, 1, "a"),
            id(TaskState.RUNNING, 1, "b"),
            id(TaskState.RUNNING, 1, "c"),
            id(TaskState.RUNNING, 2, "d"),
            id(TaskState.SUCCEEDED, 2, "e"));
    assertThat(client.getItems())
        .extracting(OutboundSseEvent::getData)
        .containsExactly("{a}", "{b}", "{c}", "{d}", "{e}");
    assertThat(client.getItems().getFirst().getReconnectDelay()).isEqualTo(1_500);
    client.assertCompleted();
  }

  @Test
  void who_has_seen_the_present_state_is_not_sent_it_again() {
    AssertSubscriber<OutboundSseEvent> client =
        client(EventId.parse(id(TaskState.QUEUED, 1, "a")), 100);
    streams.getFirst().open(snapshot(TaskState.QUEUED, 1, "a"), 1_000);

    assertThat(client.getItems()).extracting(OutboundSseEvent::getData).containsOnlyNulls();
    assertThat(client.getItems()).extracting(OutboundSseEvent::getComment).doesNotContainNull();
  }

  @Test
  void who_has_seen_the_state_is_sent_what_is_new_in_it_as_progress() {
    AssertSubscriber<OutboundSseEvent> client =
        client(EventId.parse(id(TaskState.RUNNING, 1, "a")), 100);
    streams.getFirst().open(snapshot(TaskState.RUNNING, 1, "b"), 1_000);

    assertThat(client.getItems()).extracting(OutboundSseEvent::getName).containsExactly("progress");
  }

  @Test
  void a_slow_reader_is_not_asked_for_and_then_gets_the_newest_state() {
    AssertSubscriber<OutboundSseEvent> client = client(Optional.empty(), 1);
    EventStream stream = streams.getFirst();
    stream.open(snapshot(TaskState.QUEUED, 1, "a"), 1_000);

    assertThat(stream.wants(stamp("1"))).isFalse();
    assertThat(stream.wants(stamp("2"))).isFalse();
    client.request(1);
    assertThat(stream.wants(stamp("2"))).isTrue();
    stream.tell(stamp("2"), snapshot(TaskState.RUNNING, 1, "c"));
    client.request(1);
    assertThat(stream.wants(stamp("2"))).isFalse();

    assertThat(client.getItems())
        .extracting(OutboundSseEvent::getId)
        .containsExactly(id(TaskState.QUEUED, 1, "a"), id(TaskState.RUNNING, 1, "c"));
  }

  @Test
  void a_keep_alive_never_takes_the_place_of_an_event() {
    AssertSubscriber<OutboundSseEvent> client = client(Optional.empty(), 1);
    EventStream stream = streams.getFirst();
    stream.open(snapshot(TaskState.QUEUED, 1, "a"), 1_000);
    stream.keepAlive();
    client.request(10);
    stream.tell(stamp("1"), snapshot(TaskState.RUNNING, 1, "b"));
    stream.keepAlive();

    assertThat(client.getItems())
        .extracting(OutboundSseEvent::getComment)
        .containsExactly(" " + TASK, null, " keep-alive");
  }

  @Test
  void a_client_that_takes_nothing_for_four_keep_alives_is_given_up() {
    AssertSubscriber<OutboundSseEvent> client = client(Optional.empty(), 1);
    EventStream stream = streams.getFirst();
    stream.open(snapshot(TaskState.QUEUED, 1, "a"), 1_000);

    assertThat(List.of(stream.keepAlive(), stream.keepAlive(), stream.keepAlive()))
        .containsOnly(true);
    client.request(1);
    assertThat(stream.keepAlive()).isTrue();
    assertThat(List.of(stream.keepAlive(), stream.keepAlive(), stream.keepAlive()))
        .containsOnly(true);
    assertThat(stream.keepAlive()).isFalse();
  }

  @Test
  void it_ends_where_the_task_is_deleted_or_the_process_leaves_and_not_with_the_database() {
    AssertSubscriber<OutboundSseEvent> deleted = client(Optional.empty(), 100);
    streams.getLast().deleted();
    AssertSubscriber<OutboundSseEvent> left = client(Optional.empty(), 100);
    streams.getLast().goodbye();
    AssertSubscriber<OutboundSseEvent> kept = client(Optional.empty(), 100);
    streams.getLast().unanswered(new IllegalStateException("away"));

    deleted.assertCompleted();
    left.assertCompleted();
    kept.assertNotTerminated();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.b", "aB_-9.-_-"})
  void the_id_of_an_event_can_be_read_again(String id) {
    assertThat(EventId.parse(id)).map(EventId::toString).contains(id);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "17", ".", "a.", ".b", "a.b.c", "a.b ", "a.\n"})
  void what_is_no_such_id_is_none(String id) {
    assertThat(EventId.parse(id)).isEmpty();
  }

  private AssertSubscriber<OutboundSseEvent> client(Optional<EventId> seen, long demand) {
    return Multi.createFrom()
        .<OutboundSseEvent>emitter(
            emitter -> streams.add(new EventStream(TASK, seen, SseImpl.INSTANCE, emitter)),
            BackPressureStrategy.LATEST)
        .subscribe()
        .withSubscriber(AssertSubscriber.create(demand));
  }

  private static Stamp stamp(String version) {
    return new Stamp(TASK, version, false);
  }

  private static String id(TaskState state, int attempt, String content) {
    return EventId.of(snapshot(state, attempt, content)).toString();
  }

  private static TaskSnapshot snapshot(TaskState state, int attempt, String content) {
    Task task = new Task();
    task.id = TASK;
    task.state = state;
    task.attempt = attempt;
    return new TaskSnapshot(task, "{" + content + "}");
  }
}
