package dev.trunkline.security;

import io.quarkus.security.identity.request.BaseAuthenticationRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The bearer token of a request (RFC 6750), of which only the hash is kept: what is not there
 * cannot end in a log. SHA-256 without salt or rounds is enough for tokens, which are random and
 * long; it would not be for passwords.
 */
final class BearerToken extends BaseAuthenticationRequest {

  private static final String SCHEME = "bearer ";

  private final String sha256;

  private BearerToken(String sha256) {
    this.sha256 = sha256;
  }

  /** The token in the header {@code Authorization}, where there is one of this scheme. */
  static Optional<BearerToken> in(@Nullable String header) {
    return Optional.ofNullable(header)
        .filter(given -> given.toLowerCase(Locale.ROOT).startsWith(SCHEME))
        .map(given -> new BearerToken(hash(given.substring(SCHEME.length()).strip())));
  }

  /**
   * Whether it is the token of that hash, in a time that does not depend on how much of it fits.
   *
   * @param other in lower-case hexadecimal digits
   */
  boolean hasHash(String other) {
    return MessageDigest.isEqual(
        sha256.getBytes(StandardCharsets.US_ASCII), other.getBytes(StandardCharsets.US_ASCII));
  }

  private static String hash(String token) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(token.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
