package dev.trunkline.api;

import dev.trunkline.api.LineReader.Line;
import io.opentelemetry.context.Context;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;

/**
 * One stream of submissions, a line each, on its way through the service. One thread reads, one
 * stores and one answers, so that none of them waits while another can go on; between them there is
 * bounded room. So memory is constant whatever comes, and a client that stops reading is in the end
 * not read from.
 */
final class LineStream {

  private final LineReader lines;
  private final Function<Line, ReadLine> look;
  private final Function<List<ReadLine>, byte[]> store;
  private final LineQueue queue = new LineQueue();
  private final UnreadAnswers answers;

  /**
   * @param look makes sense of a line
   * @param store commits what some lines ask for, and answers them
   */
  LineStream(
      LineReader lines,
      Function<Line, ReadLine> look,
      Function<List<ReadLine>, byte[]> store,
      UnreadAnswers answers) {
    this.lines = lines;
    this.look = look;
    this.store = store;
    this.answers = answers;
  }

  /**
   * Reads the stream to its end and answers every line of it.
   *
   * @throws IOException where the stream broke off, or the client is gone. What was stored stays;
   *     nothing is stored any more, but for lines that are being written at this moment
   */
  void run(OutputStream out) throws IOException {
    CompletableFuture<Void> reading = start(this::read);
    CompletableFuture<Void> storing = start(this::store);
    try {
      answer(out);
    } finally {
      queue.close();
      answers.close();
    }
    // The first one to fail has stopped the others; one that waits for bytes ends with its request.
    join(storing);
    join(reading);
  }

  private void read() {
    boolean whole = false;
    try {
      for (Line line = lines.next(); line != null; line = lines.next()) {
        if (!line.isBlank() && !queue.put(look.apply(line))) {
          return;
        }
      }
      whole = true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      if (whole) {
        queue.end();
      } else {
        queue.close();
      }
    }
  }

  private void store() {
    try {
      List<ReadLine> next = queue.take();
      while (!next.isEmpty() && answers.add(store.apply(next))) {
        next = queue.take();
      }
    } finally {
      queue.close();
      answers.end();
    }
  }

  private void answer(OutputStream out) throws IOException {
    for (byte[] some = answers.take(); some != null; some = answers.take()) {
      out.write(some);
      out.flush();
    }
  }

  private static CompletableFuture<Void> start(Runnable part) {
    // In the span of the request, which is that of the tasks.
    return CompletableFuture.runAsync(Context.current().wrap(part), Thread::startVirtualThread);
  }

  private static void join(CompletableFuture<Void> part) throws IOException {
    try {
      part.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof UncheckedIOException broken) {
        throw broken.getCause();
      }
      throw e;
    }
  }
}
