package dev.trunkline.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.trunkline.task.Refusal.Fault;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A problem detail (RFC 9457). Made of a {@link ProblemKind} and of nothing else, so that there is
 * none without a page; the architecture's test sees to it.
 *
 * @param type stable, relative to the service
 * @param title what kind of problem, always the same for a type
 * @param detail what happened this time, and what to do
 * @param instance the path of the request
 * @param errors the single faults, where several can be named
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@Schema(name = "Problem")
record Problem(
    @Schema(examples = "/problems/validation-failed") String type,
    String title,
    int status,
    String detail,
    @Nullable String instance,
    @Schema(description = "JSON pointers into the body, each with what is wrong there")
        List<Fault> errors) {

  /**
   * Of every error, whatever the client accepts. What answers with nothing else names it in its
   * {@code @Produces}: a client that goes by the OpenAPI document accepts that alone.
   */
  static final String MEDIA_TYPE = "application/problem+json";

  static Problem of(ProblemKind kind, String detail) {
    return new Problem(kind.type(), kind.title(), kind.status(), detail, null, List.of());
  }

  Problem withInstance(String path) {
    return new Problem(type, title, status, detail, path, errors);
  }

  Problem withErrors(List<Fault> faults) {
    return new Problem(type, title, status, detail, instance, faults);
  }

  /** For the kind that stands for several statuses. */
  Problem withStatus(int other) {
    return new Problem(type, title, other, detail, instance, errors);
  }
}
