package dev.trunkline.handlers.example;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The Java in {@code docs/handlers.md} is the Java of this package, which compiles and is run. */
class HandlersDocTest {

  private static final Path PAGE = Path.of("docs/handlers.md");
  private static final Path EXAMPLE = Path.of("src/test/java/dev/trunkline/handlers/example");
  private static final Pattern JAVA_BLOCK = Pattern.compile("(?ms)^```java\\n(.*?)^```$");

  @Test
  void the_page_shows_the_payload_the_result_the_handler_and_a_test() throws IOException {
    assertThat(blocks()).hasSize(4);
  }

  @Test
  void every_block_stands_in_a_file_of_the_example() throws IOException {
    List<String> files = files();

    assertThat(blocks())
        .allSatisfy(
            block -> assertThat(files).anySatisfy(file -> assertThat(file).contains(block)));
  }

  private static List<String> blocks() throws IOException {
    return JAVA_BLOCK
        .matcher(Files.readString(PAGE))
        .results()
        .map(block -> block.group(1).strip())
        .toList();
  }

  private static List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(EXAMPLE)) {
      return files.map(HandlersDocTest::read).toList();
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
