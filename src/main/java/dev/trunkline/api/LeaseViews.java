package dev.trunkline.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.trunkline.inspect.TaskView;
import dev.trunkline.remote.Extended;
import dev.trunkline.remote.LeasedTask;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What workers are answered. */
final class LeaseViews {

  private LeaseViews() {}

  @RegisterForReflection
  @Schema(name = "Leases")
  record Leases(@Schema(description = "Empty where nothing came in time") List<Lease> leases) {

    static Leases of(List<LeasedTask> leased) {
      return new Leases(
          leased.stream()
              .map(lease -> new Lease(lease.token(), TaskView.of(lease.task()), lease.expiresAt()))
              .toList());
    }
  }

  @RegisterForReflection
  @Schema(name = "Lease", description = "The right to run one attempt")
  record Lease(
      @Schema(description = "Opaque; names the lease in everything that is said about it")
          String token,
      TaskView task,
      @Schema(description = "When it is lost, unless a heartbeat comes before")
          Instant expiresAt) {}

  @RegisterForReflection
  @Schema(name = "Heartbeat")
  record Heartbeat(
      @Schema(description = "When the lease is lost, unless another heartbeat comes before")
          Instant expiresAt,
      @Schema(
              description =
                  "Whether a client wants the task cancelled: stop, and fail or release it")
          boolean cancelRequested) {

    static Heartbeat of(Extended extended) {
      return new Heartbeat(extended.expiresAt(), extended.cancelRequested());
    }
  }

  @RegisterForReflection
  @Schema(name = "CompletionAnswers")
  record Answers(@Schema(description = "In the order of the completions") List<Answer> answers) {}

  @RegisterForReflection
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @Schema(name = "CompletionAnswer", description = "With the task, or with a problem")
  record Answer(String token, @Nullable TaskView task, @Nullable Problem problem) {}
}
