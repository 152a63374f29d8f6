package dev.trunkline.callback;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signing by the rules of Standard Webhooks 1.0.0, scheme {@code v1}: HMAC-SHA256. */
public final class Signature {

  private static final String ALGORITHM = "HmacSHA256";

  private Signature() {}

  /**
   * The value of the header {@code webhook-signature}: a signature by each secret, so that a
   * receiver that knows one of them is content while they are exchanged.
   *
   * @param webhookId without a dot
   * @param unixTime of this attempt, in seconds
   * @param body as it is sent, byte for byte
   */
  public static String of(List<Secret> secrets, String webhookId, long unixTime, byte[] body) {
    ByteArrayOutputStream signed = new ByteArrayOutputStream();
    signed.writeBytes((webhookId + "." + unixTime + ".").getBytes(StandardCharsets.UTF_8));
    signed.writeBytes(body);
    return secrets.stream()
        .map(secret -> "v1," + base64(secret, signed.toByteArray()))
        .collect(Collectors.joining(" "));
  }

  private static String base64(Secret secret, byte[] signed) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(secret.bytes(), ALGORITHM));
      return Base64.getEncoder().encodeToString(mac.doFinal(signed));
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("every Java has HMAC-SHA256", e);
    }
  }
}
