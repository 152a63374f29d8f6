package dev.trunkline.api;

import io.quarkus.vertx.http.runtime.security.QuarkusHttpUser;
import io.vertx.ext.web.RoutingContext;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Whom a request counts against: whoever proved to be somebody, else the address it came from.
 * Behind a proxy that address is the proxy's unless {@code quarkus.http.proxy} says otherwise.
 */
final class Client {

  private static final int BYTES_OF_A_NETWORK = 8;

  private Client() {}

  static String of(RoutingContext context) {
    return context.user() instanceof QuarkusHttpUser user
            && !user.getSecurityIdentity().isAnonymous()
        ? "name " + user.getSecurityIdentity().getPrincipal().getName()
        : "address " + network(context.request().remoteAddress().hostAddress());
  }

  /**
   * The part of an address that is its holder's: with IPv6 everybody has a network of 2^64 of them
   * (RFC 6177) and could send each request from another.
   */
  static String network(@Nullable String address) {
    if (address == null || address.indexOf(':') < 0) {
      return String.valueOf(address);
    }
    try {
      return InetAddress.ofLiteral(address) instanceof Inet6Address six
          ? HexFormat.of().formatHex(six.getAddress(), 0, BYTES_OF_A_NETWORK)
          : address;
    } catch (IllegalArgumentException e) {
      return address;
    }
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
