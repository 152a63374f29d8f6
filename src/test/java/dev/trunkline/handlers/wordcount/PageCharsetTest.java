package dev.trunkline.handlers.wordcount;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trunkline.outbound.ContentType;
import java.nio.charset.Charset;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PageCharsetTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      nullValues = "-",
      value = {
        // content type | head | written as
        "text/html|-|UTF-8",
        "text/html; charset=utf-8|-|UTF-8",
        "text/html; charset=ISO-8859-1|-|windows-1252",
        "text/html;Charset=\"latin1\"|-|windows-1252",
        "text/html; charset=us-ascii|-|windows-1252",
        "text/html; charset=windows-1252|-|windows-1252",
        "text/html; charset=utf-8|<meta charset=iso-8859-1>|UTF-8",
        "text/html|<meta charset=iso-8859-1>|windows-1252",
        "text/html|<meta http-equiv=content-type content='text/html; charset=latin1'>|windows-1252",
        "text/html; charset=nonsense|<meta charset=latin1>|windows-1252",
        "text/html; charset=!|-|UTF-8",
        "text/html|<meta charset=nonsense>|UTF-8",
        "text/html; charset=utf-16be|-|UTF-16BE",
        "text/html; charset=ISO-8859-1|BOM|UTF-8",
        "text/html; charset=utf-8|BOM|UTF-16BE",
        "text/html|BOM|UTF-16LE",
      })
  void html_is_read_as_it_was_written(String contentType, String head, String charset) {
    String start = head == null ? "" : head.replace("BOM", "\uFEFF");
    byte[] bytes = (start + "<p>été “œuvre”").getBytes(Charset.forName(charset));

    assertThat(
            VisibleText.of(PageCharset.document(bytes, ContentType.parse(contentType).charset())))
        .contains("été “œuvre”");
  }

  @Test
  void an_empty_page_has_no_text() {
    assertThat(VisibleText.of(PageCharset.document(new byte[0], Optional.empty()))).isBlank();
  }
}
