package dev.trunkline.api;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.trunkline.submit.IdempotencyKey;
import dev.trunkline.task.Refusal;
import dev.trunkline.task.Refusal.Fault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The {@code Idempotency-Key} header: a string of RFC 9651, so in quotes; taken without them too,
 * since many clients leave them out.
 */
final class IdempotencyHeader {

  private static final Pattern QUOTED =
      Pattern.compile("\"((?:[^\"\\\\\\x00-\\x1f\\x7f]|\\\\[\"\\\\])*)\"");
  private static final Pattern BARE = Pattern.compile("[\\x21-\\x7e&&[^\"\\\\,;]]+");
  private static final int LONGEST = 255;

  private IdempotencyHeader() {}

  /** The key with the fingerprint of the body, where there is a header. */
  static Optional<IdempotencyKey> read(ObjectMapper mapper, @Nullable String header, byte[] body) {
    return Optional.ofNullable(header)
        .map(given -> new IdempotencyKey(key(given.strip()), fingerprint(mapper, body)));
  }

  private static String key(String header) {
    Matcher quoted = QUOTED.matcher(header);
    String key = quoted.matches() ? quoted.group(1).replaceAll("\\\\(.)", "$1") : header;
    boolean wellFormed = quoted.matches() || BARE.matcher(header).matches();
    if (!wellFormed || key.isEmpty() || key.length() > LONGEST) {
      String wanted = "needs a quoted string of 1 to 255 characters in the header Idempotency-Key";
      throw new Refusal.Malformed(List.of(new Fault("", wanted))).exception();
    }
    return key;
  }

  /** Of what the body says, whatever the order of its fields and its white space. */
  private static String fingerprint(ObjectMapper mapper, byte[] body) {
    try {
      Object content = mapper.readValue(body, Object.class);
      byte[] canonical =
          mapper.writer(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS).writeValueAsBytes(content);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(canonical));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
