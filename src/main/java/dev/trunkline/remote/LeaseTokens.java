package dev.trunkline.remote;

import dev.trunkline.database.StoreException;
import dev.trunkline.task.AttemptToken;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of leases: the attempt they are for, sealed with a key that all processes read from
 * the database (HMAC, RFC 2104, with SHA-256, cut to 128 bits). So one that was issued can be told
 * from a forged one without a look, also when its lease is gone, and nothing has to be kept for
 * that. An attempt is leased at most once, so it has one token. Thread-safe.
 */
@ApplicationScoped
public class LeaseTokens {

  static final String KEY = "select key from trunkline.lease_key";

  private static final String ALGORITHM = "HmacSHA256";
  private static final int ATTEMPT_BYTES = 2 * Long.BYTES + Integer.BYTES;
  private static final int SEAL_BYTES = 16;

  private final DataSource dataSource;
  private volatile @Nullable SecretKeySpec key;

  LeaseTokens(DataSource dataSource) {
    this.dataSource = dataSource;
  }

  /** The token of an attempt: 48 characters that need no escaping in a URL. */
  String seal(AttemptToken attempt) {
    byte[] named =
        ByteBuffer.allocate(ATTEMPT_BYTES)
            .putLong(attempt.taskId().getMostSignificantBits())
            .putLong(attempt.taskId().getLeastSignificantBits())
            .putInt(attempt.attempt())
            .array();
    byte[] token = Arrays.copyOf(named, ATTEMPT_BYTES + SEAL_BYTES);
    System.arraycopy(sealOf(named), 0, token, ATTEMPT_BYTES, SEAL_BYTES);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(token);
  }

  /** The attempt that a token is for; empty where it was never issued. */
  Optional<AttemptToken> open(String token) {
    byte[] bytes = decode(token);
    if (bytes.length != ATTEMPT_BYTES + SEAL_BYTES) {
      return Optional.empty();
    }
    byte[] named = Arrays.copyOf(bytes, ATTEMPT_BYTES);
    byte[] seal = Arrays.copyOfRange(bytes, ATTEMPT_BYTES, bytes.length);
    // In a time that tells nothing of where they differ.
    if (!MessageDigest.isEqual(seal, sealOf(named))) {
      return Optional.empty();
    }
    ByteBuffer read = ByteBuffer.wrap(named);
    return Optional.of(new AttemptToken(new UUID(read.getLong(), read.getLong()), read.getInt()));
  }

  private static byte[] decode(String token) {
    try {
      return Base64.getUrlDecoder().decode(token);
    } catch (IllegalArgumentException e) {
      return new byte[0];
    }
  }

  private byte[] sealOf(byte[] named) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key());
      return Arrays.copyOf(mac.doFinal(named), SEAL_BYTES);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JVM has HMAC with SHA-256", e);
    }
  }

  private SecretKeySpec key() {
    SecretKeySpec known = key;
    if (known == null) {
      known = read();
      key = known;
    }
    return known;
  }

  private SecretKeySpec read() {
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(KEY)) {
      row.next();
      return new SecretKeySpec(row.getBytes(1), ALGORITHM);
    } catch (SQLException e) {
      throw new StoreException(e);
    }
  }
}
