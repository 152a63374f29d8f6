package dev.trunkline.inspect;

import dev.trunkline.task.Task;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.UUID;

/**
 * A task as it stood when it was read.
 *
 * @param task nobody changes it any more
 * @param json as clients see it, on one line where it was read from the database
 */
public record TaskSnapshot(Task task, String json) {

  /** As many as make an accident impossible in practice; a whole SHA-256 is a long header. */
  private static final int BYTES = 16;

  public UUID id() {
    return task.id;
  }

  public boolean isFinal() {
    return task.state.isFinal();
  }

  /**
   * Another one whenever anything in the JSON is another: 22 letters, digits, {@code -} and {@code
   * _}. Computed anew with each call.
   */
  public String digest() {
    return digest(json);
  }

  /** As {@link #digest}, but another one only where more than the progress is another. */
  public String standing() {
    // All that changes in the life of a task goes along with one of these, but for its progress.
    Object[] changing = {
      task.state, task.attempt, task.runAt, task.startedAt, task.finishedAt, task.worker
    };
    return digest(Arrays.toString(changing));
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
