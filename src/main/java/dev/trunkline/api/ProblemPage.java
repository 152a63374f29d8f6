package dev.trunkline.api;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * What there is to know about a kind of problem.
 *
 * @param when it is answered, in sentences
 * @param remedy what the client can do about it, in sentences
 */
@RegisterForReflection
@Schema(name = "ProblemPage")
public record ProblemPage(
    @Schema(examples = "/problems/wrong-state") String type,
    @Schema(minimum = "400", maximum = "599") int status,
    String title,
    @Schema(description = "When it is answered") String when,
    @Schema(description = "What to do about it") String remedy,
    Problem example) {

  static ProblemPage of(ProblemKind kind) {
    return new ProblemPage(
        kind.type(), kind.status(), kind.title(), kind.when(), kind.remedy(), kind.example());
  }

  /** All kinds, ordered by their statuses. */
  @RegisterForReflection
  @Schema(name = "ProblemPages")
  public record ListView(List<ProblemPage> items) {}
}
