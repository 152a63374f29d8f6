package dev.trunkline.handlers.wordcount;

import dev.trunkline.outbound.OutboundResponse;
import io.vertx.core.buffer.Buffer;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What a host answered, seen as something to read. */
sealed interface Page {

  /** An HTML or XHTML page. */
  record Html(Buffer body, Optional<String> declared) implements Page {
    String visibleText() {
      return VisibleText.of(PageCharset.document(body.getBytes(), declared));
    }
  }

  /** A text without markup, all of which is visible. */
  record Plain(Buffer body, Optional<String> declared) implements Page {
    String text() {
      return PageCharset.text(body.getBytes(), declared);
    }
  }

  /** Nothing with words in it, and why. */
  record Unreadable(String reason) implements Page {}

  Set<String> HTML = Set.of("text/html", "application/xhtml+xml", "");

  /** The page; without a content type it is taken for HTML, as browsers mostly do. */
  static Page of(OutboundResponse answer) {
    Optional<String> encoding = answer.header("Content-Encoding");
    if (encoding.filter(name -> !name.equalsIgnoreCase("identity")).isPresent()) {
      return new Unreadable("the answer is in an unknown encoding: " + encoding.get());
    }
    String contentType = answer.header("Content-Type").orElse("");
    Optional<String> charset = PageCharset.declaredIn(contentType);
    String type = contentType.replaceFirst(";.*", "").strip().toLowerCase(Locale.ROOT);
    if (HTML.contains(type)) {
      return new Html(answer.body(), charset);
    }
    return type.equals("text/plain")
        ? new Plain(answer.body(), charset)
        : new Unreadable("only HTML and plain text have words to count, not " + type);
  }
}
