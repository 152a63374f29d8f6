package dev.trunkline.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.trunkline.config.TestConfig;
import dev.trunkline.task.Refusal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The three threads of a stream, with stores that are a few lines. */
@Timeout(60)
class LineStreamTest {

  private static final UnreadSpace SPACE = new UnreadSpace(TestConfig.with(Map.of()));

  private static final Refusal NOT_LOOKED_AT = new Refusal.Invalid(List.of());

  private final List<Long> stored = Collections.synchronizedList(new ArrayList<>());

  @Test
  void each_line_is_stored_once_and_answered_in_its_order() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    stream(in("x\n".repeat(5_000)), this::store).run(out);

    List<Long> all = LongStream.rangeClosed(1, 5_000).boxed().toList();
    assertThat(stored).isEqualTo(all);
    assertThat(out.toString(StandardCharsets.UTF_8).lines().map(Long::parseLong)).isEqualTo(all);
  }

  @Test
  void what_has_gathered_while_others_were_stored_is_stored_together() throws IOException {
    List<Integer> sizes = new ArrayList<>();
    CountDownLatch gathered = new CountDownLatch(1);
    InputStream in =
        new SequenceInputStream(
            Collections.enumeration(
                List.of(in("x\n".repeat(400)), told(gathered::countDown), in("x\n".repeat(100)))));

    stream(
            in,
            lines -> {
              sizes.add(lines.size());
              await(gathered);
              return store(lines);
            })
        .run(OutputStream.nullOutputStream());

    assertThat(sizes.stream().mapToInt(size -> size).sum()).isEqualTo(500);
    assertThat(sizes).hasSizeLessThan(100).allMatch(size -> size <= LineQueue.LINES);
  }

  @Test
  void a_line_that_broke_off_is_not_stored() {
    InputStream in =
        new SequenceInputStream(in("x\nx\n{\"whole\": true}"), broken(new IOException("gone")));

    assertThatThrownBy(() -> stream(in, this::store).run(OutputStream.nullOutputStream()))
        .isInstanceOf(IOException.class)
        .hasMessage("gone");
    assertThat(stored).doesNotContain(3L);
  }

  @Test
  void nothing_more_is_stored_once_the_client_is_gone() {
    OutputStream gone =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("gone");
          }
        };
    // It never ends by itself.
    InputStream endless =
        new InputStream() {
          private int next;

          @Override
          public int read() {
            return next++ % 2 == 0 ? 'x' : '\n';
          }
        };

    assertThatThrownBy(() -> stream(endless, this::store).run(gone)).hasMessage("gone");
  }

  @Test
  void a_fault_of_the_store_ends_the_stream_although_the_client_goes_on() throws IOException {
    try (PipedInputStream open = new PipedInputStream();
        PipedOutputStream client = new PipedOutputStream(open)) {
      client.write("x\n".getBytes(StandardCharsets.US_ASCII));

      assertThatThrownBy(
              () ->
                  stream(
                          open,
                          _ -> {
                            throw new IllegalStateException("on purpose");
                          })
                      .run(OutputStream.nullOutputStream()))
          .hasMessageContaining("on purpose");
    }
  }

  private static LineStream stream(InputStream in, Function<List<ReadLine>, byte[]> store) {
    return new LineStream(
        new LineReader(in, 100),
        line -> new ReadLine(line.number(), line.bytes().length, null, NOT_LOOKED_AT),
        store,
        new UnreadAnswers(SPACE));
  }

  private byte[] store(List<ReadLine> lines) {
    lines.forEach(line -> stored.add(line.number()));
    return lines.stream()
        .map(line -> line.number() + "\n")
        .collect(Collectors.joining())
        .getBytes(StandardCharsets.US_ASCII);
  }

  private static InputStream in(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
  }

  /** An empty stream that tells when it is come to. */
  private static InputStream told(Runnable here) {
    return new InputStream() {
      @Override
      public int read() {
        here.run();
        return -1;
      }
    };
  }

  private static InputStream broken(IOException fault) {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        throw fault;
      }
    };
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
