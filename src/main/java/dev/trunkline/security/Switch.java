package dev.trunkline.security;

import dev.trunkline.config.TrunklineConfig;
import io.quarkus.security.spi.runtime.AuthorizationController;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Alternative;
import jakarta.interceptor.Interceptor;

/**
 * Whether roles are asked for at all: in every mode but {@code none}, where they cost nothing. They
 * are asked for as well when no mode is set, so that forgetting it never opens anything.
 */
@Alternative
@Priority(Interceptor.Priority.LIBRARY_AFTER)
@ApplicationScoped
public class Switch extends AuthorizationController {

  private final boolean on;

  Switch(TrunklineConfig config) {
    this.on = AuthMode.of(config).filter(AuthMode.NONE::equals).isEmpty();
  }

  @Override
  public boolean isAuthorizationEnabled() {
    return on;
  }
}
