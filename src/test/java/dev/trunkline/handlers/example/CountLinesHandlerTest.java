package dev.trunkline.handlers.example;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trunkline.handlers.Recorder;
import dev.trunkline.task.Outcome;
import jakarta.validation.Validation;
import jakarta.validation.ValidatorFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CountLinesHandlerTest {

  @TempDir Path inbox;

  private final Recorder context = new Recorder();
  private CountLinesHandler handler;

  @BeforeEach
  void makeHandler() {
    handler = new CountLinesHandler(inbox);
  }

  @Test
  void every_line_counts() throws Exception {
    write("a\nb\n");

    assertThat(handler.handle(new CountLines("list.txt", null), context))
        .isEqualTo(Outcome.succeeded(new LineCount(2)));
    assertThat(context.reports()).containsExactly("50 1 lines", "100 2 lines");
  }

  @Test
  void or_those_alone_that_contain_a_text() throws Exception {
    write("a\nb\nab\n");

    assertThat(handler.handle(new CountLines("list.txt", "a"), context))
        .isEqualTo(Outcome.succeeded(new LineCount(2)));
  }

  @Test
  void an_empty_file_has_none() throws Exception {
    write("");

    assertThat(handler.handle(new CountLines("list.txt", null), context))
        .isEqualTo(Outcome.succeeded(new LineCount(0)));
  }

  @Test
  void a_file_that_is_not_there_may_come() throws Exception {
    assertThat(handler.handle(new CountLines("list.txt", null), context))
        .isEqualTo(Outcome.retryLater("list.txt is not there yet", Duration.ofSeconds(10)));
  }

  @Test
  void a_file_that_is_no_text_never_becomes_one() throws Exception {
    Files.write(inbox.resolve("list.txt"), new byte[] {(byte) 0xff, (byte) 0xfe});

    assertThat(handler.handle(new CountLines("list.txt", null), context))
        .isEqualTo(Outcome.giveUp("list.txt is not UTF-8 text"));
  }

  @ParameterizedTest
  @CsvSource({"list.txt,0", "..,1", "a/b,1", "'',1", ".hidden,1"})
  void only_names_inside_the_inbox_are_valid(String file, int faults) {
    try (ValidatorFactory factory = Validation.buildDefaultValidatorFactory()) {
      assertThat(factory.getValidator().validate(new CountLines(file, null))).hasSize(faults);
    }
  }

  private void write(String text) throws IOException {
    Files.writeString(inbox.resolve("list.txt"), text);
  }
}
