package dev.trunkline.security;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/** The service in mode {@code token}, with a token for each role. */
public class TokenMode implements QuarkusTestProfile {

  static final String SUBMITTER = "k2Yw0mE3cV4qLh7sTz8uXj1nRb5dGf6p";
  static final String WORKER = "w9Qe2rTy4uIo6pAs8dFg1hJk3lZx5cVb";
  static final String OPERATOR = "o7Nm5bVc3xZl1kJh9gFd8sAp6oIu4yTr";
  static final String OPERATOR_NEXT = "n1Mb2vCx3zLk4jHg5fDs6aPo7iUy8tRe";

  @Override
  public Map<String, String> getConfigOverrides() {
    Map<String, String> settings = new HashMap<>();
    settings.put("trunkline.auth.mode", "token");
    settings.putAll(token("shop", SUBMITTER, "submitter"));
    settings.putAll(token("\"python.worker\"", WORKER, "worker"));
    settings.putAll(token("oncall", OPERATOR, "operator"));
    settings.putAll(token("oncall-next", OPERATOR_NEXT, "submitter,operator"));
    return settings;
  }

  private static Map<String, String> token(String name, String token, String roles) {
    String prefix = "trunkline.auth.tokens." + name;
    return Map.of(prefix + ".sha256", sha256(token), prefix + ".roles", roles);
  }

  static String sha256(String token) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(token.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
