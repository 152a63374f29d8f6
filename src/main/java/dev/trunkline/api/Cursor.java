package dev.trunkline.api;

import dev.trunkline.task.TaskFilter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;

/**
 * The place in a list where its next page begins, as text for clients: the id behind which it goes
 * on, and which list it belongs to, so that it is not used for another one by mistake. It holds
 * nothing secret.
 */
final class Cursor {

  private static final int BYTES = 2 * Long.BYTES + Long.BYTES;

  private Cursor() {}

  static String write(TaskFilter filter, UUID place) {
    byte[] bytes =
        ByteBuffer.allocate(BYTES)
            .putLong(place.getMostSignificantBits())
            .putLong(place.getLeastSignificantBits())
            .putLong(fingerprint(filter))
            .array();
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** Empty where the text is no cursor of this list. */
  static Optional<UUID> read(TaskFilter filter, String text) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
      if (bytes.remaining() != BYTES) {
        return Optional.empty();
      }
      UUID place = new UUID(bytes.getLong(), bytes.getLong());
      return bytes.getLong() == fingerprint(filter) ? Optional.of(place) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static long fingerprint(TaskFilter filter) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return ByteBuffer.wrap(digest.digest(filter.toString().getBytes(StandardCharsets.UTF_8)))
          .getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
