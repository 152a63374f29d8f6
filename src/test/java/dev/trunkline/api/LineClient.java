package dev.trunkline.api;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A client that sends a body in chunks and reads the answer whenever it likes, which the usual ones
 * do not let a test decide. HTTP/1.1 by hand.
 */
public final class LineClient implements AutoCloseable {

  private static final int PATIENCE = (int) Duration.ofSeconds(60).toMillis();

  private final Socket socket;
  private final OutputStream out;
  private final InputStream in;
  private long leftOfChunk;
  private boolean ended;

  private LineClient(Socket socket) throws IOException {
    this.socket = socket;
    this.out = new BufferedOutputStream(socket.getOutputStream(), 1 << 16);
    this.in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
  }

  /** Begins a request whose body is still to come. */
  public static LineClient post(int port, String path, Map<String, String> headers)
      throws IOException {
    Socket socket = new Socket("localhost", port);
    socket.setSoTimeout(PATIENCE);
    LineClient client = new LineClient(socket);
    StringBuilder head = new StringBuilder("POST " + path + " HTTP/1.1\r\nHost: localhost\r\n");
    headers.forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
    client.out.write((head + "\r\n").getBytes(StandardCharsets.US_ASCII));
    return client;
  }

  /** A stream of lines to be stored. */
  public static LineClient batch(int port) throws IOException {
    return post(
        port,
        "/api/v1/tasks/batch",
        Map.of("Content-Type", "application/x-ndjson", "Transfer-Encoding", "chunked"));
  }

  /** Sends a chunk; it may stay in the buffer until the next {@link #flush}. */
  public LineClient send(String text) throws IOException {
    return send(text.getBytes(StandardCharsets.UTF_8));
  }

  public LineClient send(byte[] bytes) throws IOException {
    out.write((Integer.toHexString(bytes.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
    out.write(bytes);
    out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
    return this;
  }

  /** Sends bytes as they are, for a body whose length was announced. */
  public LineClient raw(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    return this;
  }

  public LineClient flush() throws IOException {
    out.flush();
    return this;
  }

  /** The body is whole. */
  public LineClient end() throws IOException {
    out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    out.flush();
    return this;
  }

  /** Status line and headers, which come first. */
  public List<String> head() throws IOException {
    List<String> head = new ArrayList<>();
    for (String line = rawLine(); !line.isEmpty(); line = rawLine()) {
      head.add(line);
    }
    return head;
  }

  /** The next line of an answer in chunks; null after the last one. */
  public @Nullable String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = next(); b >= 0; b = next()) {
      if (b == '\n') {
        return line.toString(StandardCharsets.UTF_8);
      }
      line.write(b);
    }
    return line.size() == 0 ? null : line.toString(StandardCharsets.UTF_8);
  }

  /** All lines that are left. */
  public List<String> lines() throws IOException {
    List<String> lines = new ArrayList<>();
    for (String line = line(); line != null; line = line()) {
      lines.add(line);
    }
    return lines;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private int next() throws IOException {
    if (ended) {
      return -1;
    }
    if (leftOfChunk == 0) {
      leftOfChunk = Long.parseLong(rawLine(), 16);
      if (leftOfChunk == 0) {
        rawLine();
        ended = true;
        return -1;
      }
    }
    int b = in.read();
    if (b < 0) {
      throw new EOFException("the answer broke off");
    }
    if (--leftOfChunk == 0) {
      rawLine();
    }
    return b;
  }

  private String rawLine() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("the answer broke off");
      }
      line.write(b);
    }
    return line.toString(StandardCharsets.US_ASCII).strip();
  }
}
