package dev.trunkline.outbound;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** How a host name becomes addresses: all of them, in the order to try them. May block. */
@FunctionalInterface
interface Resolver {

  /** What the operating system says. */
  Resolver SYSTEM = host -> List.of(InetAddress.getAllByName(host));

  List<InetAddress> resolve(String host) throws UnknownHostException;
}
