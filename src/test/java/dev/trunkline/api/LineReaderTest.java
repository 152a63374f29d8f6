package dev.trunkline.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trunkline.api.LineReader.Line;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class LineReaderTest {

  private static final int LONGEST = 20;

  @Property
  void lines_are_what_stands_between_line_feeds_however_the_bytes_arrive(
      @ForAll("lines") List<String> lines, @ForAll @IntRange(min = 1, max = 9) int piece)
      throws IOException {
    List<Line> read = read(ended(lines), piece);

    assertThat(read).extracting(Line::number).isEqualTo(numbers(lines.size()));
    for (int i = 0; i < lines.size(); i++) {
      boolean fits = lines.get(i).length() <= LONGEST;
      assertThat(read.get(i).tooLong()).isEqualTo(!fits);
      assertThat(text(read.get(i))).isEqualTo(fits ? lines.get(i) : "");
    }
  }

  @Property
  void the_last_line_needs_no_end(@ForAll("lines") @Size(min = 1) List<String> lines)
      throws IOException {
    String ended = ended(lines);
    String open = ended.substring(0, ended.length() - 1);
    List<String> read = read(open, 7).stream().map(LineReaderTest::text).toList();

    List<String> expected = read(ended, 7).stream().map(LineReaderTest::text).toList();
    // An empty one without an end is none.
    assertThat(read)
        .isEqualTo(lines.getLast().isEmpty() ? expected.subList(0, expected.size() - 1) : expected);
  }

  @Example
  void blank_is_what_has_nothing_but_white_space() throws IOException {
    assertThat(read("\n \t\r\n\r\n", 100)).allMatch(Line::isBlank);
    assertThat(read("x\n" + " ".repeat(LONGEST + 1) + "\n", 100)).noneMatch(Line::isBlank);
  }

  @Provide
  Arbitrary<List<String>> lines() {
    return Arbitraries.strings().withChars("ab \r").ofMaxLength(2 * LONGEST).list().ofMaxSize(12);
  }

  private static List<Line> read(String text, int piece) throws IOException {
    LineReader reader = new LineReader(inPieces(text, piece), LONGEST);
    List<Line> lines = new ArrayList<>();
    for (Line line = reader.next(); line != null; line = reader.next()) {
      lines.add(line);
    }
    return lines;
  }

  private static InputStream inPieces(String text, int piece) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII)) {
      @Override
      public synchronized int read(byte[] into, int from, int length) {
        return super.read(into, from, Math.min(length, piece));
      }
    };
  }

  private static String ended(List<String> lines) {
    return lines.stream().map(line -> line + "\n").collect(Collectors.joining());
  }

  private static List<Long> numbers(int count) {
    return LongStream.rangeClosed(1, count).boxed().toList();
  }

  private static String text(Line line) {
    return new String(line.bytes(), StandardCharsets.US_ASCII);
  }
}
