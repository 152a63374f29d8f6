package dev.trunkline.security;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.List;
import java.util.Map;

/**
 * The service in mode {@code oidc}, with everything on that the other profile leaves off: open
 * metrics and document, and a limit of requests.
 */
public class OidcMode implements QuarkusTestProfile {

  static final int BURST = 60;

  @Override
  public Map<String, String> getConfigOverrides() {
    return Map.of(
        "trunkline.auth.mode", "oidc",
        "trunkline.auth.public-metrics", "true",
        "trunkline.auth.public-document", "true",
        "trunkline.limits.requests-per-second", "1",
        "trunkline.limits.burst", Integer.toString(BURST),
        "quarkus.oidc.token.audience", "trunkline");
  }

  @Override
  public List<TestResourceEntry> testResources() {
    return List.of(new TestResourceEntry(Issuer.class));
  }
}
