package dev.trunkline.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.trunkline.inspect.TaskView;
import dev.trunkline.submit.Submitted;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The answer to an array of submissions.
 *
 * @param items the tasks, in the order of the array
 */
@RegisterForReflection
@Schema(name = "Batch")
record BatchView(List<Item> items) {

  static BatchView of(List<Submitted> submitted) {
    return new BatchView(submitted.stream().map(Item::of).toList());
  }

  /**
   * A task of the array.
   *
   * @param replayed true where an earlier submission under its key had stored it; else left out
   * @param shortened true where payload and result are null only because they are left out
   */
  @RegisterForReflection
  @Schema(name = "BatchTask")
  record Item(
      @JsonUnwrapped TaskView task,
      @JsonInclude(JsonInclude.Include.NON_NULL)
          @Schema(
              description = "True where an earlier submission under its key had stored the task")
          @Nullable Boolean replayed,
      @JsonInclude(JsonInclude.Include.NON_NULL)
          @Schema(
              description =
                  "True where payload and result are null because they would be too much for one"
                      + " answer; GET /tasks/{id} has them")
          @Nullable Boolean shortened) {

    static Item of(Submitted submitted) {
      return new Item(
          TaskView.of(submitted.task()),
          submitted.replayed() ? true : null,
          submitted.isShortened() ? true : null);
    }
  }
}
