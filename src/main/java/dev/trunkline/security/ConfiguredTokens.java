package dev.trunkline.security;

import dev.trunkline.config.AuthConfig.Token;
import dev.trunkline.config.TrunklineConfig;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.IdentityProvider;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.runtime.QuarkusPrincipal;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The tokens of mode {@code token}: who holds one is whom it is named after, with its roles. */
@ApplicationScoped
public class ConfiguredTokens implements IdentityProvider<BearerToken> {

  private final List<Holder> holders;

  ConfiguredTokens(TrunklineConfig config) {
    this.holders =
        config.auth().tokens().entrySet().stream()
            .map(token -> Holder.of(token.getKey(), token.getValue()))
            .toList();
  }

  @Override
  public Class<BearerToken> getRequestType() {
    return BearerToken.class;
  }

  @Override
  public Uni<SecurityIdentity> authenticate(
      BearerToken token, AuthenticationRequestContext context) {
    return holderOf(token)
        .map(holder -> Uni.createFrom().item(holder.identity()))
        .orElseGet(() -> Uni.createFrom().failure(new AuthenticationFailedException()));
  }

  /** Compares with every one, so that the time tells nothing about which was the right one. */
  private Optional<Holder> holderOf(BearerToken token) {
    Optional<Holder> found = Optional.empty();
    for (Holder holder : holders) {
      if (token.hasHash(holder.sha256)) {
        found = Optional.of(holder);
      }
    }
    return found;
  }

  private record Holder(String sha256, SecurityIdentity identity) {

    static Holder of(String name, Token token) {
      return new Holder(
          token.sha256().toLowerCase(Locale.ROOT),
          QuarkusSecurityIdentity.builder()
              .setPrincipal(new QuarkusPrincipal(name))
              .addRoles(new HashSet<>(token.roles()))
              .build());
    }
  }
}
