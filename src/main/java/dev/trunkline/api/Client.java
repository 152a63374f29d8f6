package dev.trunkline.api;

import io.quarkus.vertx.http.runtime.security.QuarkusHttpUser;
import io.vertx.ext.web.RoutingContext;

/**
 * Whom a request counts against: whoever proved to be somebody, else the address it came from.
 * Behind a proxy that address is the proxy's unless {@code quarkus.http.proxy} says otherwise.
 */
final class Client {

  private Client() {}

  static String of(RoutingContext context) {
    return context.user() instanceof QuarkusHttpUser user
            && !user.getSecurityIdentity().isAnonymous()
        ? "name " + user.getSecurityIdentity().getPrincipal().getName()
        : "address " + context.request().remoteAddress().hostAddress();
  }

  /**
   * Does something when the request is over, and at once where its client has gone already; then
   * perhaps twice.
   */
  static void whenGone(RoutingContext context, Runnable what) {
    context.addEndHandler(over -> what.run());
    if (context.response().closed()) {
      what.run();
    }
  }
}
