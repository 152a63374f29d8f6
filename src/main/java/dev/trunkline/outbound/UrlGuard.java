package dev.trunkline.outbound;

import dev.trunkline.config.TrunklineConfig;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * Says at the door what would be refused on the way out, as far as a URL alone tells: its form, and
 * an address where it names one. What a host name leads to is known after DNS only, and may have
 * changed by the time it is used.
 */
@Singleton
public class UrlGuard {

  private static final String LOOPBACK = "127.0.0.1";

  private final AddressGuard guard;

  UrlGuard(TrunklineConfig config) {
    this.guard = AddressGuard.allowing(config.outbound().allow().orElseGet(List::of));
  }

  /** Why a request to this URL is refused whatever DNS says. */
  public Optional<String> fault(String url) {
    try {
      OutboundUrl parsed = OutboundUrl.parse(url);
      Optional<InetAddress> address = address(parsed.host());
      if (address.isPresent()) {
        guard.checked(parsed.host(), List.of(address.get()));
      }
      return Optional.empty();
    } catch (OutboundException e) {
      return Optional.of(e.reason());
    }
  }

  /** The names of the loopback mean it everywhere (RFC 6761, 6.3). */
  private static Optional<InetAddress> address(String host) {
    boolean loopback = host.equals("localhost") || host.endsWith(".localhost");
    return loopback || HostName.isAddress(host)
        ? Optional.of(InetAddress.ofLiteral(loopback ? LOOPBACK : host))
        : Optional.empty();
  }
}
