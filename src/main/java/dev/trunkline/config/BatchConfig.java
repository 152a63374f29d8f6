package dev.trunkline.config;

import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

/** Tasks that are submitted together. */
public interface BatchConfig {

  /** The most tasks in one JSON array. A stream of lines (NDJSON) may have any number. */
  @WithName("max-tasks")
  @WithDefault("10000")
  @Min(1)
  @Max(100_000)
  int maxTasks();

  /**
   * The most bytes of one JSON array. A stream of lines may have any number; each of its lines is
   * bounded by {@code quarkus.http.limits.max-body-size}.
   */
  @WithName("max-body-bytes")
  @WithDefault("8388608")
  @Min(1_024)
  @Max(268_435_456)
  int maxBodyBytes();

  /**
   * Answers to lines that clients have not read yet are kept on disk, in the directory for
   * temporary files: this many bytes at most, of all streams together, and an eighth of them of
   * one. A stream that finds no room there is not read on until its client reads.
   */
  @WithName("max-unread-bytes")
  @WithDefault("1073741824")
  @Min(0)
  long maxUnreadBytes();
}
