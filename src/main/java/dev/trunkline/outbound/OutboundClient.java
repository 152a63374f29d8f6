package dev.trunkline.outbound;

import dev.trunkline.config.TrunklineConfig;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;

/**
 * The HTTP client for URLs that come from outside. It reaches public addresses and what {@code
 * trunkline.outbound.allow} names, on every hop of a redirect, and keeps to limits of time and size
 * whatever the other side does. Thread-safe; blocks the calling (virtual) thread, and gives up
 * promptly when that is interrupted.
 */
@Singleton
public class OutboundClient {

  static final int MOST_HEADER_BYTES = 32_768;

  /** Connections at once to one address; whoever is beyond waits, within the time limit. */
  private static final int MOST_CONNECTIONS = 1_000;

  private final HttpClient client;
  private final Lookup lookup;
  private final TrunklineConfig.Outbound settings;

  @Inject
  public OutboundClient(Vertx vertx, TrunklineConfig config) {
    this(vertx, config.outbound(), Resolver.SYSTEM, new HttpClientOptions());
  }

  OutboundClient(
      Vertx vertx,
      TrunklineConfig.Outbound settings,
      Resolver resolver,
      HttpClientOptions transport) {
    this.settings = settings;
    this.lookup =
        Lookup.with(vertx, resolver, AddressGuard.allowing(settings.allow().orElseGet(List::of)));
    this.client =
        vertx.createHttpClient(
            limited(transport), new PoolOptions().setHttp1MaxSize(MOST_CONNECTIONS));
  }

  /**
   * Sends a request and reads the whole answer, whatever its status; see {@link
   * OutboundResponse#successful}.
   *
   * @throws OutboundException.Refused for a bad URL, a forbidden address or header, too many
   *     redirects, or an answer over {@code trunkline.outbound.max-body-bytes}
   * @throws OutboundException.Failed for I/O faults, and when {@code trunkline.outbound.timeout} is
   *     over, lookups and redirects included; see {@link OutboundRequest#patience}
   */
  public OutboundResponse send(OutboundRequest request)
      throws OutboundException, InterruptedException {
    Deadline deadline = Deadline.of(request.patience(), settings.timeout());
    Redirects redirects = new Redirects(settings.maxRedirects());
    Hop hop = Hop.first(request);
    while (true) {
      OutboundResponse answer = once(hop, deadline);
      Optional<Hop> next = redirects.next(hop, answer);
      if (next.isEmpty()) {
        return answer;
      }
      hop = next.get();
    }
  }

  private OutboundResponse once(Hop hop, Deadline deadline)
      throws OutboundException, InterruptedException {
    return new Exchange(client, hop, deadline, settings.maxBodyBytes())
        .with(lookup.addresses(hop.url().host(), deadline));
  }

  /** A connection serves one request: none goes stale between two, and closing it ends it all. */
  private static HttpClientOptions limited(HttpClientOptions transport) {
    return transport
        .setKeepAlive(false)
        .setTcpKeepAlive(true)
        .setDecompressionSupported(true)
        .setMaxHeaderSize(MOST_HEADER_BYTES)
        .setMaxRedirects(0)
        .setShared(false);
  }
}
