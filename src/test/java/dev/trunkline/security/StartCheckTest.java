package dev.trunkline.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trunkline.config.TestConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StartCheckTest {

  private static final String HASH = TokenMode.sha256("one");

  @Test
  void aModeHasToBeChosen() {
    assertThat(faults(Map.of()))
        .singleElement()
        .asString()
        .contains("trunkline.auth.mode", "token", "oidc", "none");
  }

  @Test
  void noneAndOidcNeedNoToken() {
    assertThat(faults(Map.of("trunkline.auth.mode", "none"))).isEmpty();
    assertThat(faults(Map.of("trunkline.auth.mode", "oidc"))).isEmpty();
  }

  @Test
  void modeTokenWithoutATokenWouldLetNobodyIn() {
    assertThat(faults(Map.of("trunkline.auth.mode", "token")))
        .singleElement()
        .asString()
        .contains("trunkline.auth.tokens.\"name\".sha256");
  }

  @Test
  void oneTokenUnderTwoNamesIsToldWithBothNamesAndNotWithItsHash() {
    Map<String, String> settings = new HashMap<>(Map.of("trunkline.auth.mode", "token"));
    settings.putAll(token("b", HASH.toUpperCase()));
    settings.putAll(token("a", HASH));
    settings.putAll(token("c", TokenMode.sha256("another")));

    assertThat(faults(settings))
        .containsExactly(
            "trunkline.auth.tokens.\"a\".sha256 and trunkline.auth.tokens.\"b\".sha256 are of the"
                + " same token: give each its own");
  }

  @Test
  void authorizationIsOffInModeNoneOnly() {
    assertThat(enabled(Map.of("trunkline.auth.mode", "none"))).isFalse();
    assertThat(enabled(Map.of("trunkline.auth.mode", "token"))).isTrue();
    assertThat(enabled(Map.of("trunkline.auth.mode", "oidc"))).isTrue();
    assertThat(enabled(Map.of())).isTrue();
  }

  private static boolean enabled(Map<String, String> settings) {
    return new Switch(TestConfig.with(settings)).isAuthorizationEnabled();
  }

  private static Map<String, String> token(String name, String hash) {
    String prefix = "trunkline.auth.tokens." + name;
    return Map.of(prefix + ".sha256", hash, prefix + ".roles", "operator");
  }

  private static List<String> faults(Map<String, String> settings) {
    return new StartCheck(TestConfig.with(settings)).faults();
  }
}
