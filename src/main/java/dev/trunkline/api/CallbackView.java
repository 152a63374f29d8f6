package dev.trunkline.api;

import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.trunkline.callback.DeliveryStatus;
import dev.trunkline.inspect.TaskView;
import dev.trunkline.task.TaskState;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The delivery of a callback, as the HTTP contract writes it. */
@RegisterForReflection
@Schema(name = "CallbackDelivery")
record CallbackView(
    @Schema(description = "The task that delivers: GET /tasks/{id} and its attempts tell more")
        UUID id,
    @Schema(description = "The header webhook-id: the same for every telling of one final state")
        String webhookId,
    String url,
    @Schema(
            implementation = String.class,
            enumeration = {"scheduled", "queued", "running", "succeeded", "failed", "cancelled"},
            description = "succeeded means delivered")
        TaskState state,
    int attempt,
    int maxAttempts,
    @Schema(
            implementation = TaskView.FaultView.class,
            nullable = true,
            description = "What the last attempt met with")
        @JsonRawValue
        @Nullable String error,
    Instant createdAt,
    @Schema(description = "When the last attempt was due, or the next one is") Instant runAt,
    @Nullable Instant finishedAt) {

  static CallbackView of(DeliveryStatus status) {
    return new CallbackView(
        status.id(),
        status.delivery().webhookId(),
        status.url(),
        status.state(),
        status.attempt(),
        status.maxAttempts(),
        status.error(),
        status.createdAt(),
        status.runAt(),
        status.finishedAt());
  }

  /** The deliveries of a task, the newest first. */
  @RegisterForReflection
  @Schema(name = "CallbackDeliveries")
  record ListView(List<CallbackView> items) {

    static ListView of(List<DeliveryStatus> deliveries) {
      return new ListView(deliveries.stream().map(CallbackView::of).toList());
    }
  }
}
