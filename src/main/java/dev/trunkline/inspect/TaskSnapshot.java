package dev.trunkline.inspect;

import dev.trunkline.task.Task;
import java.util.UUID;

/**
 * A task as it stood when it was read. The digests are of letters, digits, {@code -} and {@code _}.
 *
 * @param json as clients see it, on one line where it was read from the database
 * @param digest another one whenever anything in the JSON is another
 * @param standing another one whenever more than the progress is another
 */
public record TaskSnapshot(Task task, String json, String digest, String standing) {

  public UUID id() {
    return task.id;
  }

  public boolean isFinal() {
    return task.state.isFinal();
  }
}
