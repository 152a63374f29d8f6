package dev.trunkline.outbound;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The way from a host to addresses that may be connected to. A lookup blocks inside the operating
 * system, where it can be neither interrupted nor parked (it would pin a virtual thread's carrier),
 * so it runs on threads of its own and only the waiting is given up.
 */
record Lookup(WorkerExecutor threads, Resolver resolver, AddressGuard guard) {

  private static final int THREADS = 16;

  static Lookup with(Vertx vertx, Resolver resolver, AddressGuard guard) {
    return new Lookup(vertx.createSharedWorkerExecutor("outbound-dns", THREADS), resolver, guard);
  }

  List<InetAddress> addresses(String host, Deadline deadline)
      throws OutboundException, InterruptedException {
    if (HostName.isAddress(host)) {
      return guard.checked(host, List.of(InetAddress.ofLiteral(host)));
    }
    AtomicBoolean givenUp = new AtomicBoolean();
    Future<List<InetAddress>> found =
        threads.executeBlocking(() -> nameless(resolve(host, givenUp)), false);
    try {
      return guard.checked(host, deadline.await(found, host));
    } finally {
      givenUp.set(true);
    }
  }

  /** What nobody waits for any more must not keep a thread from those who still wait. */
  private List<InetAddress> resolve(String host, AtomicBoolean givenUp)
      throws UnknownHostException {
    return givenUp.get() ? List.of() : resolver.resolve(host);
  }

  /** The bare addresses. One that remembers its name could be looked up by it again. */
  private static List<InetAddress> nameless(List<InetAddress> found) throws UnknownHostException {
    if (found.isEmpty()) {
      throw new UnknownHostException();
    }
    List<InetAddress> bare = new ArrayList<>();
    for (InetAddress address : found) {
      bare.add(InetAddress.getByAddress(address.getAddress()));
    }
    return bare;
  }
}
