package dev.trunkline.security;

import dev.trunkline.config.AuthConfig.Token;
import dev.trunkline.config.TrunklineConfig;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.interceptor.Interceptor;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jboss.logging.Logger;

/** Refuses a start whose settings would let nobody in, or somebody by mistake. */
@ApplicationScoped
class StartCheck {

  private static final Logger LOG = Logger.getLogger(StartCheck.class);
  private static final String AUDIENCE = "quarkus.oidc.token.audience";

  private final TrunklineConfig config;

  StartCheck(TrunklineConfig config) {
    this.config = config;
  }

  void check(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) StartupEvent start) {
    List<String> faults = faults();
    if (!faults.isEmpty()) {
      throw new ConfigurationException(String.join(System.lineSeparator(), faults));
    }
    if (isIn(AuthMode.OIDC)
        && ConfigProvider.getConfig().getOptionalValue(AUDIENCE, String.class).isEmpty()) {
      LOG.warnf(
          "Tokens that the provider made for other services are taken, too: set %s", AUDIENCE);
    }
  }

  List<String> faults() {
    if (AuthMode.of(config).isEmpty()) {
      return List.of("trunkline.auth.mode is not set: token, oidc, or none to switch it off");
    }
    if (isIn(AuthMode.TOKEN) && config.auth().tokens().isEmpty()) {
      return List.of(
          "trunkline.auth.mode=token needs a token: set trunkline.auth.tokens.\"name\".sha256 and"
              + " .roles");
    }
    return tokensTwice();
  }

  /** Two names for one token: it would not be clear who holds it. */
  private List<String> tokensTwice() {
    Map<String, List<String>> names =
        config.auth().tokens().entrySet().stream()
            .collect(
                Collectors.groupingBy(
                    StartCheck::hash,
                    TreeMap::new,
                    Collectors.mapping(Map.Entry::getKey, Collectors.toList())));
    return names.values().stream()
        .filter(same -> same.size() > 1)
        .map(StartCheck::twice)
        .sorted()
        .toList();
  }

  private boolean isIn(AuthMode mode) {
    return AuthMode.of(config).filter(mode::equals).isPresent();
  }

  private static String hash(Map.Entry<String, Token> token) {
    return token.getValue().sha256().toLowerCase(Locale.ROOT);
  }

  private static String twice(List<String> names) {
    return names.stream()
        .sorted()
        .map("trunkline.auth.tokens.\"%s\".sha256"::formatted)
        .collect(Collectors.joining(" and ", "", " are of the same token: give each its own"));
  }
}
