package dev.trunkline.api;

import dev.trunkline.inspect.TaskView;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A page of the list of tasks in the HTTP contract. */
@RegisterForReflection
@Schema(name = "TaskPage")
record TaskPageView(
    @Schema(description = "The newest first; can be short, or empty, although there are more")
        List<TaskView> items,
    @Schema(
            description =
                "The cursor of the next page; null at the end of the list, and only there")
        @Nullable String next) {}
