package dev.trunkline.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A client of server-sent events, by nothing but the JDK and the rules for their interpretation
 * (WHATWG HTML, 9.2.6). It does not reconnect by itself.
 */
public final class EventSource implements AutoCloseable {

  private static final HttpClient HTTP =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(10))
          .build();

  private static final Message END = new Message("", "", "");

  private final HttpResponse<Stream<String>> answer;
  private final BlockingQueue<Message> messages = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> comments = new LinkedBlockingQueue<>();
  private volatile String retry = "";

  private EventSource(HttpResponse<Stream<String>> answer) {
    this.answer = answer;
    if (header("Content-Type").orElse("").startsWith("text/event-stream")) {
      Thread.ofVirtual().start(this::read);
    } else {
      messages.add(END);
    }
  }

  /** Returns when the answer has begun. */
  public static EventSource open(URI uri) {
    return open(uri, "");
  }

  /** Comes back with the id of the last event that was seen. */
  public static EventSource open(URI uri, String lastEventId) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .timeout(Duration.ofSeconds(60))
            .header("Accept", "text/event-stream");
    if (!lastEventId.isEmpty()) {
      request.header("Last-Event-ID", lastEventId);
    }
    try {
      return new EventSource(HTTP.send(request.build(), HttpResponse.BodyHandlers.ofLines()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  public int status() {
    return answer.statusCode();
  }

  public Optional<String> header(String name) {
    return answer.headers().firstValue(name);
  }

  /** What the server said about reconnecting, in milliseconds. */
  public String retry() {
    return retry;
  }

  /** Waits for the next event; empty where the stream has ended. */
  public Optional<Message> next() {
    Message next = take(messages);
    if (next == END) {
      messages.add(END);
      return Optional.empty();
    }
    return Optional.of(next);
  }

  /** Waits for all that comes until the stream ends. */
  public List<Message> rest() {
    List<Message> rest = new ArrayList<>();
    for (Optional<Message> next = next(); next.isPresent(); next = next()) {
      rest.add(next.get());
    }
    return rest;
  }

  /** Waits for the next comment. */
  public String comment() {
    return take(comments);
  }

  @Override
  public void close() {
    answer.body().close();
  }

  private static <T> T take(BlockingQueue<T> queue) {
    try {
      T taken = queue.poll(60, TimeUnit.SECONDS);
      if (taken == null) {
        throw new AssertionError("nothing came");
      }
      return taken;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private void read() {
    try {
      Fields fields = new Fields();
      answer.body().forEach(fields::line);
    } catch (UncheckedIOException | IllegalStateException e) {
      // The connection was closed, by whomever.
    } finally {
      messages.add(END);
    }
  }

  /** One event. */
  public record Message(String event, String id, String data) {}

  /** The fields since the last empty line. */
  private final class Fields {

    private String event = "message";
    private String id = "";
    private final List<String> data = new ArrayList<>();

    void line(String line) {
      int colon = line.indexOf(':');
      if (line.isEmpty()) {
        dispatch();
      } else if (colon == 0) {
        comments.add(line.substring(1).strip());
      } else {
        String value = colon < 0 ? "" : line.substring(colon + 1);
        field(
            colon < 0 ? line : line.substring(0, colon),
            value.startsWith(" ") ? value.substring(1) : value);
      }
    }

    private void field(String name, String value) {
      switch (name) {
        case "event" -> event = value;
        case "id" -> id = value;
        case "data" -> data.add(value);
        case "retry" -> retry = value;
        default -> throw new AssertionError("not a field of an event: " + name);
      }
    }

    private void dispatch() {
      if (!data.isEmpty()) {
        messages.add(new Message(event, id, String.join("\n", data)));
      }
      event = "message";
      data.clear();
    }
  }
}
