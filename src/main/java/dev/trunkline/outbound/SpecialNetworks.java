package dev.trunkline.outbound;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;

/**
 * The addresses that are not somebody's host on the public Internet. From the IANA registries of
 * special-purpose addresses (RFC 6890), and one cloud's metadata service that has a public address.
 *
 * <p>Of IPv6 only global unicast (2000::/3, RFC 4291) is public. That leaves out loopback,
 * link-local, unique local and multicast, and the forms that carry an IPv4 address in an IPv6 one:
 * mapped, compatible, NAT64 (64:ff9b::/96, 64:ff9b:1::/48). 6to4 and Teredo carry one as well but
 * lie inside 2000::/3, so they stand in the table.
 */
final class SpecialNetworks {

  private static final List<Network> IPV4 =
      networks(
          "0.0.0.0/8", // this network
          "10.0.0.0/8", // private
          "100.64.0.0/10", // carrier-grade NAT
          "127.0.0.0/8", // loopback
          "168.63.129.16/32", // Azure's host agent
          "169.254.0.0/16", // link-local, most clouds' metadata
          "172.16.0.0/12", // private
          "192.0.0.0/24", // IETF protocols
          "192.0.2.0/24", // documentation
          "192.88.99.0/24", // 6to4 relays
          "192.168.0.0/16", // private
          "198.18.0.0/15", // benchmarks
          "198.51.100.0/24", // documentation
          "203.0.113.0/24", // documentation
          "224.0.0.0/4", // multicast
          "240.0.0.0/4"); // reserved, broadcast

  private static final Network GLOBAL_UNICAST = Network.parse("2000::/3");

  private static final List<Network> IPV6 =
      networks(
          "2001::/23", // IETF protocols: Teredo, benchmarks, ORCHID
          "2001:db8::/32", // documentation
          "2002::/16", // 6to4
          "3ffe::/16", // 6bone, returned
          "3fff::/20", // documentation
          "5f00::/16"); // segment routing

  private SpecialNetworks() {}

  static boolean contain(InetAddress address) {
    if (address instanceof Inet4Address) {
      return IPV4.stream().anyMatch(network -> network.contains(address));
    }
    return !GLOBAL_UNICAST.contains(address)
        || IPV6.stream().anyMatch(network -> network.contains(address));
  }

  private static List<Network> networks(String... blocks) {
    return Stream.of(blocks).map(Network::parse).toList();
  }
}
