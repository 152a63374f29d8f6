package dev.trunkline.config;

import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;

/** Tasks that are submitted together. */
@RegisterForReflection
public interface BatchConfig {

  /** The most tasks in one JSON array. A stream of lines (NDJSON) may have any number. */
  @WithName("max-tasks")
  @WithDefault("10000")
  @Bounds(atLeast = "1", atMost = "100000")
  int maxTasks();

  /**
   * The most bytes of one JSON array. A stream of lines may have any number; each of its lines is
   * bounded by {@code quarkus.http.limits.max-body-size}.
   */
  @WithName("max-body-bytes")
  @WithDefault("8388608")
  @Bounds(atLeast = "1024", atMost = "268435456")
  int maxBodyBytes();

  /**
   * Answers to lines that clients have not read yet are kept on disk, in the directory for
   * temporary files: this many bytes at most, of all streams together, and an eighth of them of
   * one. A stream that finds no room there is not read on until its client reads.
   */
  @WithName("max-unread-bytes")
  @WithDefault("1073741824")
  @Bounds(atLeast = "0")
  long maxUnreadBytes();
}
