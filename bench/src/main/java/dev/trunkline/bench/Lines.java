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
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;

/** Submissions as NDJSON, in two requests side by side. */
final class Lines {

  private static final int AT_ONCE = 1_000;

  /** As many as everybody has who submits in bulk, plain SQL too. */
  private static final int REQUESTS = 2;

  private Lines() {}

  /** So many of the same line, from the first byte that is sent to the last that is answered. */
  static Count post(ServiceProcess service, int tasks, String line) {
    byte[] many = bytes((line + "\n").repeat(Math.min(AT_ONCE, tasks)));
    return together(
        tasks,
        (from, to) -> {
          int share = to - from;
          List<InputStream> parts = new ArrayList<>();
          for (int i = 0; i < share / AT_ONCE; i++) {
            parts.add(new ByteArrayInputStream(many));
          }
          parts.add(new ByteArrayInputStream(bytes((line + "\n").repeat(share % AT_ONCE))));
          post(service, share, new SequenceInputStream(Collections.enumeration(parts)));
        });
  }

  /** So many lines, each of its own. */
  static Count post(ServiceProcess service, int tasks, IntFunction<String> line) {
    return together(
        tasks,
        (from, to) -> {
          StringBuilder lines = new StringBuilder();
          for (int i = from; i < to; i++) {
            lines.append(line.apply(i)).append('\n');
          }
          post(service, to - from, new ByteArrayInputStream(bytes(lines.toString())));
        });
  }

  private static Count together(int tasks, Share share) {
    List<CompletableFuture<Void>> requests = new ArrayList<>();
    long start = System.nanoTime();
    for (int i = 0; i < REQUESTS; i++) {
      int from = tasks * i / REQUESTS;
      int to = tasks * (i + 1) / REQUESTS;
      requests.add(
          CompletableFuture.runAsync(() -> share.post(from, to), Thread::startVirtualThread));
    }
    requests.forEach(CompletableFuture::join);
    return new Count(tasks, (System.nanoTime() - start) / 1e9);
  }

  private static void post(ServiceProcess service, int tasks, InputStream lines) {
    HttpRequest request =
        service
            .request("/api/v1/tasks/batch")
            .header("Content-Type", "application/x-ndjson")
            .POST(BodyPublishers.ofInputStream(() -> lines))
            .build();
    long answered = count(service.send(request, BodyHandlers.ofInputStream()));
    if (answered != tasks) {
      throw new IllegalStateException(answered + " answers to " + tasks + " lines");
    }
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

  /** Posts the lines from one number to another. */
  @FunctionalInterface
  private interface Share {
    void post(int from, int to);
  }
}
