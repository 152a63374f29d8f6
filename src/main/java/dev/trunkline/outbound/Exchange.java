package dev.trunkline.outbound;

import dev.trunkline.task.TraceContext;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * One hop over the wire. The connection goes to an address that was checked, never to a name, so a
 * name server that changes its mind between check and use (DNS rebinding) gains nothing; the {@code
 * Host} header, the SNI and the certificate check still go by the name. Whatever ends the exchange,
 * its connection is closed.
 */
record Exchange(HttpClient client, Hop hop, Deadline deadline, int mostBytes) {

  private static final Logger LOG = Logger.getLogger(Exchange.class);

  /** How long one address may take, so that a dead one leaves time for the next. */
  private static final long MOST_CONNECT_MILLIS = 10_000;

  private static final int MOST_ADDRESSES = 8;

  OutboundResponse with(List<InetAddress> addresses)
      throws OutboundException, InterruptedException {
    HttpClientRequest request =
        connected(addresses.subList(0, Math.min(MOST_ADDRESSES, addresses.size())));
    try {
      return answered(request);
    } finally {
      request.connection().close();
    }
  }

  /** Only a connection that was never made is tried elsewhere: nothing has been sent by then. */
  private HttpClientRequest connected(List<InetAddress> addresses)
      throws OutboundException, InterruptedException {
    try {
      return connected(addresses.getFirst());
    } catch (OutboundException.Failed e) {
      if (addresses.size() == 1) {
        throw e;
      }
      return connected(addresses.subList(1, addresses.size()));
    }
  }

  private HttpClientRequest connected(InetAddress address)
      throws OutboundException, InterruptedException {
    Future<HttpClientRequest> connecting = client.request(options(address));
    try {
      return deadline.await(connecting, hop.url().host());
    } catch (OutboundException | InterruptedException e) {
      connecting.onSuccess(late -> late.connection().close());
      throw e;
    }
  }

  private RequestOptions options(InetAddress address) {
    RequestOptions options =
        new RequestOptions()
            .setServer(pinned(address))
            .setHost(hop.url().host())
            .setPort(hop.url().port())
            .setSsl(hop.url().secure())
            .setMethod(HttpMethod.valueOf(hop.method()))
            .setURI(hop.url().target())
            .setFollowRedirects(false)
            .setConnectTimeout(Math.min(MOST_CONNECT_MILLIS, deadline.remainingMillis()))
            .putHeader("User-Agent", "Trunkline")
            .putHeader("Accept", "*/*");
    TraceContext.headers().forEach(options::putHeader);
    hop.headers().forEach(options::putHeader);
    return options.putHeader("Host", hop.url().authority());
  }

  private SocketAddress pinned(InetAddress address) {
    return SocketAddress.inetSocketAddress(new InetSocketAddress(address, hop.url().port()));
  }

  /** The reader is in place before anything is sent: an answer's events are not kept for it. */
  private OutboundResponse answered(HttpClientRequest request)
      throws OutboundException, InterruptedException {
    request.connection().exceptionHandler(fault -> LOG.debug("a connection broke", fault));
    request.exceptionHandler(fault -> LOG.debug("a request broke", fault));
    Future<HttpClientResponse> beginning = request.response();
    Future<OutboundResponse> answer = beginning.compose(this::read);
    if (hop.announcesBody()) {
      request.end(hop.body());
    } else {
      request.end();
    }
    deadline.await(beginning, hop.url().host());
    return deadline.ofBody().await(answer, hop.url().host());
  }

  private Future<OutboundResponse> read(HttpClientResponse answer) {
    boolean redirect =
        Redirects.follows(hop, answer.statusCode(), answer.headers().contains("Location"));
    Future<Buffer> body =
        redirect || !hop.readsBody()
            ? Future.succeededFuture(Buffer.buffer())
            : BodyCollector.collect(answer, mostBytes);
    return body.map(
        bytes ->
            new OutboundResponse(
                hop.url().toString(), answer.statusCode(), answer.headers(), bytes));
  }
}
