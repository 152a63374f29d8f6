package dev.trunkline.submit;

/**
 * A client's promise that submissions under this key are the same one
 * (draft-ietf-httpapi-idempotency-key-header).
 *
 * @param key 1 to 255 characters
 * @param fingerprint of the submission, in lower-case hexadecimal digits: under one key only the
 *     same submission is the same one
 */
public record IdempotencyKey(String key, String fingerprint) {}
