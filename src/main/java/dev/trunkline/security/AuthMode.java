package dev.trunkline.security;

import dev.trunkline.config.TrunklineConfig;
import java.util.Locale;
import java.util.Optional;

/** How clients prove who they are. */
enum AuthMode {
  /** Not at all: everybody may do everything. */
  NONE,
  /** By a bearer token whose hash is configured. */
  TOKEN,
  /** By a token of an OpenID Connect provider. */
  OIDC;

  /** The mode that is set, where one is. */
  static Optional<AuthMode> of(TrunklineConfig config) {
    return config.auth().mode().map(word -> valueOf(word.toUpperCase(Locale.ROOT)));
  }
}
