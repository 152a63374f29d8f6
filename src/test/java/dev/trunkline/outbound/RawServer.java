package dev.trunkline.outbound;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A server on the loopback that says whatever a test wants, byte for byte; one answer each. */
public final class RawServer implements AutoCloseable {

  /** What is said once a request's head, line by line, is in. */
  public interface Script {
    void answer(List<String> head, OutputStream out) throws Exception;
  }

  private final ServerSocket socket;
  private final Script script;
  private final List<List<String>> heads = new CopyOnWriteArrayList<>();
  private final List<String> bodies = new CopyOnWriteArrayList<>();
  private final CountDownLatch hungUp = new CountDownLatch(1);

  public RawServer(ServerSocket socket, Script script) {
    this.socket = socket;
    this.script = script;
    Thread.ofVirtual().start(this::accept);
  }

  public static RawServer on(Script script) throws IOException {
    return new RawServer(new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1")), script);
  }

  public static RawServer saying(String answer) throws IOException {
    return on((head, out) -> out.write(answer.getBytes(StandardCharsets.ISO_8859_1)));
  }

  public int port() {
    return socket.getLocalPort();
  }

  public String url(String host, String path) {
    return "http://" + host + ":" + port() + path;
  }

  public List<List<String>> heads() {
    return heads;
  }

  /** The bodies of the requests, each byte as a character. */
  public List<String> bodies() {
    return bodies;
  }

  /** True once the other side has closed a connection that was still being answered. */
  public boolean sawHangUp() throws InterruptedException {
    return hungUp.await(5, TimeUnit.SECONDS);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket connection = socket.accept();
        Thread.ofVirtual().start(() -> serve(connection));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(connection.getInputStream(), StandardCharsets.ISO_8859_1));
      List<String> head = new CopyOnWriteArrayList<>();
      for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
        head.add(line);
      }
      bodies.add(body(head, in));
      heads.add(head);
      script.answer(head, connection.getOutputStream());
    } catch (Exception e) {
      hungUp.countDown();
    }
  }

  private static String body(List<String> head, BufferedReader in) throws IOException {
    String announced = "content-length:";
    int length =
        head.stream()
            .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(announced))
            .mapToInt(line -> Integer.parseInt(line.substring(announced.length()).strip()))
            .findFirst()
            .orElse(0);
    char[] body = new char[length];
    int read = 0;
    for (int more; read < length && (more = in.read(body, read, length - read)) > 0; ) {
      read += more;
    }
    return new String(body, 0, read);
  }
}
