package dev.trunkline.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HandlerRegistryTest {

  private final Fake plain = new Fake(type("b.plain"), Optional.empty());
  private final Fake example = new Fake(type("a.example").asExample(), Optional.empty());
  private final Fake broken = new Fake(type("c.broken"), Optional.of("no engine"));

  @Test
  void handlers_are_found_by_the_name_of_their_type_in_the_order_of_the_names() {
    HandlerRegistry registry = new HandlerRegistry(List.of(plain, broken, example), true);

    assertThat(registry.find("b.plain").orElseThrow().type()).isEqualTo(plain.type());
    assertThat(registry.find("b")).isEmpty();
    assertThat(registry.typeNames()).containsExactly("a.example", "b.plain", "c.broken");
    assertThat(registry.submittable()).hasSize(3);
  }

  @Test
  void examples_are_there_only_where_they_are_switched_on() {
    assertThat(new HandlerRegistry(List.of(plain, example), false).typeNames())
        .containsExactly("b.plain");
  }

  @Test
  void what_cannot_run_here_is_known_but_not_available() {
    HandlerRegistry registry = new HandlerRegistry(List.of(plain, broken), true);

    assertThat(registry.availableTypes()).containsExactly("b.plain");
    assertThat(registry.find("c.broken")).isPresent();
  }

  @Test
  void what_the_service_alone_makes_runs_but_cannot_be_submitted() {
    Fake internal =
        new Fake(type("d.internal").withQueue("internals").asInternal(), Optional.empty());
    HandlerRegistry registry = new HandlerRegistry(List.of(plain, internal), true);

    assertThat(registry.find("d.internal")).isPresent();
    assertThat(registry.availableTypes()).contains("d.internal");
    assertThat(registry.isInternal("d.internal")).isTrue();
    assertThat(registry.isInternal("b.plain")).isFalse();
    assertThat(registry.isInternal("nobody")).isFalse();
    assertThat(registry.isInternalQueue("internals")).isTrue();
    assertThat(registry.isInternalQueue("default")).isFalse();
    assertThat(registry.submittable()).hasSize(1);
    assertThat(registry.typeNames()).containsExactly("b.plain");
  }

  @Test
  void two_handlers_of_one_type_are_refused() {
    assertThatIllegalStateException()
        .isThrownBy(() -> new HandlerRegistry(List.of(plain, plain), true))
        .withMessageContaining("b.plain");
  }

  private static TaskType<String, String> type(String name) {
    return TaskType.named(name, String.class, String.class);
  }

  private record Fake(TaskType<String, String> type, Optional<String> unavailable)
      implements TaskHandler<String, String> {
    @Override
    public Outcome<String> handle(String payload, TaskContext context) {
      return Outcome.succeeded(payload);
    }
  }
}
