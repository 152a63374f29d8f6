package dev.trunkline.submit;

import java.util.HexFormat;

/**
 * A client's promise that submissions under this key are the same one
 * (draft-ietf-httpapi-idempotency-key-header).
 *
 * @param key 1 to 255 characters
 * @param fingerprint of the submission, in hexadecimal digits: under one key only the same
 *     submission is the same one
 */
public record IdempotencyKey(String key, String fingerprint) {

  byte[] fingerprintBytes() {
    return HexFormat.of().parseHex(fingerprint);
  }
}
