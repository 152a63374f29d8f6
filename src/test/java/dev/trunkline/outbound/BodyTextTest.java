package dev.trunkline.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.Charset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BodyTextTest {

  @ParameterizedTest
  @CsvSource({
    "text/plain, UTF-8, ''",
    "text/plain; charset=latin1, windows-1252, ''",
    "text/plain; charset=latin1, UTF-8, \uFEFF",
    "text/plain, UTF-16LE, \uFEFF",
    "text/plain, UTF-16BE, \uFEFF"
  })
  void text_is_read_as_it_was_written(String contentType, String charset, String mark) {
    byte[] bytes = (mark + "été <p>").getBytes(Charset.forName(charset));

    assertThat(BodyText.of(bytes, ContentType.parse(contentType).charset())).isEqualTo("été <p>");
  }

  @ParameterizedTest
  @CsvSource({
    "application/json, true",
    "Application/JSON; charset=utf-8, true",
    "text/json, true",
    "application/problem+json, true",
    "application/jsonp, false",
    "text/plain, false",
    "'', false"
  })
  void json_is_known_by_its_type(String header, boolean json) {
    assertThat(ContentType.parse(header).isJson()).isEqualTo(json);
  }
}
