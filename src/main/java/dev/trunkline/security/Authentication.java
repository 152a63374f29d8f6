package dev.trunkline.security;

import dev.trunkline.config.TrunklineConfig;
import io.quarkus.oidc.runtime.OidcAuthenticationMechanism;
import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.request.AuthenticationRequest;
import io.quarkus.security.identity.request.TokenAuthenticationRequest;
import io.quarkus.vertx.http.runtime.security.ChallengeData;
import io.quarkus.vertx.http.runtime.security.HttpAuthenticationMechanism;
import io.quarkus.vertx.http.runtime.security.HttpCredentialTransport;
import io.quarkus.vertx.http.runtime.security.HttpSecurityUtils;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Alternative;
import java.util.Set;

/**
 * Finds out who sends a request, in the way that the mode says. It stands in for the mechanism of
 * the OpenID Connect extension, which is in every build, and passes on to it in its mode: so one
 * build serves all modes, and a request is never tried by two.
 */
@Alternative
@Priority(1)
@ApplicationScoped
public class Authentication implements HttpAuthenticationMechanism {

  private static final String BEARER = "Bearer";

  private final AuthMode mode;
  private final OidcAuthenticationMechanism oidc;

  Authentication(TrunklineConfig config, OidcAuthenticationMechanism oidc) {
    this.mode = AuthMode.of(config).orElse(AuthMode.TOKEN);
    this.oidc = oidc;
  }

  @Override
  public Uni<SecurityIdentity> authenticate(
      RoutingContext context, IdentityProviderManager identities) {
    return switch (mode) {
      case NONE -> Uni.createFrom().nullItem();
      case TOKEN -> byToken(context, identities);
      case OIDC -> oidc.authenticate(context, identities);
    };
  }

  private static Uni<SecurityIdentity> byToken(
      RoutingContext context, IdentityProviderManager identities) {
    return BearerToken.in(context.request().getHeader(HttpHeaders.AUTHORIZATION))
        .map(token -> HttpSecurityUtils.setRoutingContextAttribute(token, context))
        .map(identities::authenticate)
        .orElseGet(() -> Uni.createFrom().nullItem());
  }

  @Override
  public Uni<ChallengeData> getChallenge(RoutingContext context) {
    return Uni.createFrom().item(new ChallengeData(401, "WWW-Authenticate", BEARER));
  }

  @Override
  public Set<Class<? extends AuthenticationRequest>> getCredentialTypes() {
    return Set.of(BearerToken.class, TokenAuthenticationRequest.class);
  }

  @Override
  public Uni<HttpCredentialTransport> getCredentialTransport(RoutingContext context) {
    return Uni.createFrom()
        .item(new HttpCredentialTransport(HttpCredentialTransport.Type.AUTHORIZATION, BEARER));
  }
}
