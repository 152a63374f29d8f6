package dev.trunkline.security;

import dev.trunkline.config.TrunklineConfig;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.vertx.http.runtime.security.HttpSecurityPolicy;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which paths are open to everybody: health, the pages about problems, and what the settings open.
 * Everything else, whether there is anything or not, is for those who have a role; which one, the
 * resources say.
 */
@ApplicationScoped
public class Doors implements HttpSecurityPolicy {

  private static final List<String> ALWAYS = List.of("/q/health", "/problems");
  private static final List<String> METRICS = List.of("/q/metrics");
  private static final List<String> DOCUMENT = List.of("/q/openapi", "/q/swagger-ui");

  private final List<String> open;

  Doors(TrunklineConfig config) {
    this.open =
        Stream.of(
                ALWAYS,
                config.auth().publicMetrics() ? METRICS : List.<String>of(),
                config.auth().publicDocument() ? DOCUMENT : List.<String>of())
            .flatMap(List::stream)
            .toList();
  }

  @Override
  public Uni<CheckResult> checkPermission(
      RoutingContext request,
      Uni<SecurityIdentity> identity,
      AuthorizationRequestContext requestContext) {
    return isOpen(request.normalizedPath())
        ? CheckResult.permit()
        : identity.map(Doors::letInWithARole);
  }

  private boolean isOpen(String path) {
    return open.stream().anyMatch(door -> path.equals(door) || path.startsWith(door + "/"));
  }

  private static CheckResult letInWithARole(SecurityIdentity identity) {
    if (identity.isAnonymous()) {
      throw new UnauthorizedException();
    }
    if (Roles.ALL.stream().noneMatch(identity::hasRole)) {
      throw new ForbiddenException();
    }
    return CheckResult.PERMIT;
  }
}
