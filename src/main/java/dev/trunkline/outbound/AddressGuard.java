package dev.trunkline.outbound;

import java.net.InetAddress;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The rule which hosts may be reached: public addresses, and what {@code trunkline.outbound.allow}
 * names. Immutable.
 */
final class AddressGuard {

  private final Set<String> hosts;
  private final List<Network> networks;

  private AddressGuard(Set<String> hosts, List<Network> networks) {
    this.hosts = hosts;
    this.networks = networks;
  }

  /**
   * The rule with these exceptions.
   *
   * @param entries host names, addresses and networks
   * @throws IllegalArgumentException naming every entry that is none of these
   */
  static AddressGuard allowing(List<String> entries) {
    List<Allowed> allowed = entries.stream().map(Allowed::parse).toList();
    refuseFaults(allowed);
    return new AddressGuard(
        only(allowed, Allowed.Host.class).map(Allowed.Host::name).collect(Collectors.toSet()),
        only(allowed, Allowed.Block.class).map(Allowed.Block::network).toList());
  }

  /**
   * The addresses, every one of which may be connected to. One forbidden address condemns the name:
   * a name with a public and a private address is how a filter that looks at the first one only is
   * led astray.
   */
  List<InetAddress> checked(String host, List<InetAddress> addresses) throws OutboundException {
    if (hosts.contains(host) || addresses.stream().allMatch(this::reachable)) {
      return addresses;
    }
    throw new OutboundException.Refused(
        host
            + " is at an address that requests may not reach: not a public one, and not in"
            + " trunkline.outbound.allow");
  }

  private boolean reachable(InetAddress address) {
    return !SpecialNetworks.contain(address)
        || networks.stream().anyMatch(network -> network.contains(address));
  }

  private static void refuseFaults(List<Allowed> allowed) {
    List<String> faults =
        only(allowed, Allowed.Fault.class)
            .map(fault -> "%s (%s)".formatted(fault.text(), fault.reason()))
            .toList();
    if (!faults.isEmpty()) {
      throw new IllegalArgumentException(
          "trunkline.outbound.allow must list host names, addresses and networks, not "
              + String.join(", ", faults));
    }
  }

  private static <T> Stream<T> only(List<Allowed> allowed, Class<T> kind) {
    return allowed.stream().filter(kind::isInstance).map(kind::cast);
  }
}
