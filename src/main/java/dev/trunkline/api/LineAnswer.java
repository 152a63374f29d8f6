package dev.trunkline.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The answer to one line of a stream.
 *
 * @param line its number, from 1
 * @param id of the task that it became
 * @param replayed true where an earlier submission under its key had stored that task
 * @param problem why it became none
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "LineAnswer", description = "One line of the answer for each line of the request")
record LineAnswer(
    @Schema(minimum = "1") long line,
    @Nullable UUID id,
    @Schema(description = "True where an earlier submission under this key had stored the task")
        @Nullable Boolean replayed,
    @Nullable Problem problem) {

  static LineAnswer stored(long line, UUID id, boolean replayed) {
    return new LineAnswer(line, id, replayed ? true : null, null);
  }

  static LineAnswer refused(long line, Problem problem) {
    return new LineAnswer(line, null, null, problem);
  }
}
