package dev.trunkline.config;

import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Who may use the API. */
@RegisterForReflection
public interface AuthConfig {
  /**
   * How clients prove who they are: by bearer tokens ({@code token}), by tokens of an OpenID
   * Connect provider ({@code oidc}), or not at all ({@code none}), so that everybody may do
   * everything. {@code none} in development mode and the tests; a packaged start has to be told.
   */
  @Matches("none|token|oidc")
  Optional<String> mode();

  /** The tokens of mode {@code token}, by the name of whoever holds it. */
  Map<String, Token> tokens();

  /** Whether {@code /q/metrics} is open to everybody, and not only to those with a role. */
  @WithName("public-metrics")
  @WithDefault("false")
  boolean publicMetrics();

  /**
   * Whether {@code /q/openapi} and {@code /q/swagger-ui} are open to everybody, and not only to
   * those with a role.
   */
  @WithName("public-document")
  @WithDefault("false")
  boolean publicDocument();

  /** A bearer token. */
  interface Token {
    /** The SHA-256 hash of the token, in hexadecimal digits. The token itself stands nowhere. */
    @Matches(value = "[0-9a-fA-F]{64}", message = "must be 64 hexadecimal digits")
    String sha256();

    /** What its holder may do: {@code submitter}, {@code worker}, {@code operator}. */
    @Matches("submitter|worker|operator")
    List<String> roles();
  }
}
