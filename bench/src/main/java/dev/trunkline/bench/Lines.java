package dev.trunkline.bench;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.IntFunction;

/** Submissions as NDJSON in one request. */
final class Lines {

  private static final int AT_ONCE = 1_000;

  private Lines() {}

  /** So many of the same line, from the first byte that is sent to the last that is answered. */
  static Count post(ServiceProcess service, int tasks, String line) {
    byte[] many = bytes((line + "\n").repeat(Math.min(AT_ONCE, tasks)));
    byte[] rest = bytes((line + "\n").repeat(tasks % AT_ONCE));
    List<InputStream> parts = new ArrayList<>();
    for (int i = 0; i < tasks / AT_ONCE; i++) {
      parts.add(new ByteArrayInputStream(many));
    }
    parts.add(new ByteArrayInputStream(rest));
    return post(service, tasks, new SequenceInputStream(Collections.enumeration(parts)));
  }

  /** So many lines, each of its own. */
  static Count post(ServiceProcess service, int tasks, IntFunction<String> line) {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < tasks; i++) {
      lines.append(line.apply(i)).append('\n');
    }
    return post(service, tasks, new ByteArrayInputStream(bytes(lines.toString())));
  }

  private static Count post(ServiceProcess service, int tasks, InputStream lines) {
    HttpRequest request =
        service
            .request("/api/v1/tasks/batch")
            .header("Content-Type", "application/x-ndjson")
            .POST(BodyPublishers.ofInputStream(() -> lines))
            .build();
    long start = System.nanoTime();
    HttpResponse<InputStream> answer = service.send(request, BodyHandlers.ofInputStream());
    long answered = count(answer);
    if (answered != tasks) {
      throw new IllegalStateException(answered + " answers to " + tasks + " lines");
    }
    return new Count(tasks, (System.nanoTime() - start) / 1e9);
  }

  private static long count(HttpResponse<InputStream> answer) {
    byte[] buffer = new byte[1 << 16];
    long lines = 0;
    try (InputStream body = answer.body()) {
      for (int read; (read = body.read(buffer)) >= 0; ) {
        for (int i = 0; i < read; i++) {
          lines += buffer[i] == '\n' ? 1 : 0;
        }
      }
      return lines;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
