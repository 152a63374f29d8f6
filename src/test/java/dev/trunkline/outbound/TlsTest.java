package dev.trunkline.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.net.PfxOptions;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class TlsTest {

  private static final String PASSWORD = "changeit";

  private final Vertx vertx = Vertx.vertx();
  private final ConcurrentLinkedQueue<SNIServerName> asked = new ConcurrentLinkedQueue<>();

  @TempDir Path directory;
  private Path store;
  private RawServer server;

  @BeforeEach
  void start() throws Exception {
    store = directory.resolve("server.p12");
    keytool();
    server = new RawServer(sniRecording(), (head, out) -> out.write(answer(head)));
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
    vertx.close();
  }

  @Test
  void sni_and_certificate_check_go_by_the_name_although_the_address_is_pinned() throws Exception {
    assertThat(get("secure.example").body()).hasToString("ok");
    assertThat(asked.poll()).hasToString("type=host_name (0), value=secure.example");
    assertThat(server.heads().getFirst()).contains("Host: secure.example:" + server.port());
  }

  @Test
  void a_certificate_for_another_name_is_not_trusted() {
    assertThatThrownBy(() -> get("impostor.example"))
        .isInstanceOf(OutboundException.Failed.class)
        .hasMessage("no trusted TLS connection to impostor.example could be made");
    assertThat(server.heads()).isEmpty();
  }

  @Test
  void a_certificate_that_nobody_vouches_for_is_not_trusted() {
    assertThatThrownBy(() -> get("secure.example", new HttpClientOptions(), "/"))
        .isInstanceOf(OutboundException.Failed.class)
        .hasMessageContaining("no trusted TLS connection");
  }

  @Test
  void a_redirect_does_not_lead_from_https_to_http() {
    assertThatThrownBy(() -> get("secure.example", trusting(), "/redirect"))
        .isInstanceOf(OutboundException.Refused.class)
        .hasMessageContaining("from https to http");
  }

  private OutboundResponse get(String host) throws Exception {
    return get(host, trusting(), "/");
  }

  private OutboundResponse get(String host, HttpClientOptions transport, String path)
      throws Exception {
    Resolver local = name -> List.of(InetAddress.ofLiteral("127.0.0.1"));
    return new OutboundClient(vertx, Settings.allowing("127.0.0.1"), local, transport)
        .send(OutboundRequest.get("https://" + host + ":" + server.port() + path, Map.of()));
  }

  private HttpClientOptions trusting() {
    return new HttpClientOptions()
        .setTrustOptions(new PfxOptions().setPath(store.toString()).setPassword(PASSWORD));
  }

  private byte[] answer(List<String> head) {
    boolean redirect = head.getFirst().contains("/redirect ");
    String text =
        redirect
            ? "HTTP/1.1 302 X\r\nLocation: http://secure.example/\r\nContent-Length: 0\r\n\r\n"
            : "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    return text.getBytes();
  }

  private ServerSocket sniRecording() throws Exception {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
    factory.init(keys, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(factory.getKeyManagers(), null, null);
    ServerSocket plain =
        context
            .getServerSocketFactory()
            .createServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
    return new Recording((SSLServerSocket) plain);
  }

  /** A server socket that notes which name each client asked for. */
  private final class Recording extends ServerSocket {
    private final SSLServerSocket delegate;

    Recording(SSLServerSocket delegate) throws IOException {
      this.delegate = delegate;
    }

    @Override
    public Socket accept() throws IOException {
      SSLSocket socket = (SSLSocket) delegate.accept();
      try {
        socket.startHandshake();
        asked.addAll(((ExtendedSSLSession) socket.getSession()).getRequestedServerNames());
      } catch (IOException refused) {
        socket.close();
      }
      return socket;
    }

    @Override
    public int getLocalPort() {
      return delegate.getLocalPort();
    }

    @Override
    public boolean isClosed() {
      return delegate.isClosed();
    }

    @Override
    public void close() throws IOException {
      delegate.close();
    }
  }

  private void keytool() throws Exception {
    Process keytool =
        new ProcessBuilder(
                System.getProperty("java.home") + "/bin/keytool",
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-dname",
                "CN=secure.example",
                "-ext",
                "san=dns:secure.example",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(keytool.waitFor()).isZero();
  }
}
