package dev.trunkline.inspect;

import dev.trunkline.task.Task;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A task as it stood when it was read, for everybody who is shown it. Thread-safe. */
public final class TaskSnapshot {

  /** As many as make an accident impossible in practice; a whole SHA-256 is a long header. */
  private static final int BYTES = 16;

  private final Task task;
  private final String json;

  // Computed by whoever wants them first; twice at once does no harm.
  private volatile @Nullable String digest;
  private volatile @Nullable String standing;

  /**
   * @param task nobody changes it any more
   * @param json as clients see it
   */
  public TaskSnapshot(Task task, String json) {
    this.task = task;
    this.json = json;
  }

  public Task task() {
    return task;
  }

  /** As clients see it, on one line where it was read from the database. */
  public String json() {
    return json;
  }

  public UUID id() {
    return task.id;
  }

  public boolean isFinal() {
    return task.state.isFinal();
  }

  /**
   * Another one whenever anything in the JSON is another: 22 letters, digits, {@code -} and {@code
   * _}.
   */
  public String digest() {
    String known = digest;
    if (known == null) {
      known = digest(json);
      digest = known;
    }
    return known;
  }

  /** As {@link #digest}, but another one only where more than the progress is another. */
  public String standing() {
    String known = standing;
    if (known == null) {
      known = digest(changing());
      standing = known;
    }
    return known;
  }

  /** All that changes in the life of a task goes along with one of these, but for its progress. */
  private String changing() {
    Object[] fields = {
      task.state, task.attempt, task.runAt, task.startedAt, task.finishedAt, task.worker
    };
    return Arrays.toString(fields);
  }

  private static String digest(String content) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(hash, BYTES));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
