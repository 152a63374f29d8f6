package dev.trunkline.api;

import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.trunkline.inspect.Attempt;
import dev.trunkline.inspect.TaskView;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** One attempt in the HTTP contract. */
@RegisterForReflection
@Schema(name = "Attempt")
record AttemptView(
    int number,
    @Nullable String worker,
    @Nullable Instant started,
    @Nullable Instant finished,
    @Schema(
            enumeration = {
              "running",
              "succeeded",
              "failed",
              "timed-out",
              "worker-lost",
              "rejected",
              "cancelled",
              "snoozed",
              "released"
            })
        String outcome,
    @Schema(implementation = TaskView.FaultView.class) @JsonRawValue @Nullable String error) {

  /** The history of a task. */
  @RegisterForReflection
  @Schema(name = "Attempts")
  record ListView(List<AttemptView> items) {}

  static ListView listOf(List<Attempt> attempts) {
    return new ListView(attempts.stream().map(AttemptView::of).toList());
  }

  private static AttemptView of(Attempt attempt) {
    return new AttemptView(
        attempt.number(),
        attempt.worker(),
        attempt.started(),
        attempt.finished(),
        attempt.outcome(),
        attempt.error());
  }
}
