package dev.trunkline.handlers.wordcount;

import dev.trunkline.outbound.ContentType;
import dev.trunkline.outbound.OutboundResponse;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.Charset;
import java.util.Optional;
import java.util.Set;

/** What a host answered, seen as something to read. */
sealed interface Page {

  /** An HTML or XHTML page. */
  record Html(Buffer body, Optional<Charset> declared) implements Page {
    String visibleText() {
      return VisibleText.of(PageCharset.document(body.getBytes(), declared));
    }
  }

  /** A text without markup, all of which is visible. */
  record Plain(String text) implements Page {}

  /** Nothing with words in it, and why. */
  record Unreadable(String reason) implements Page {}

  Set<String> HTML = Set.of("text/html", "application/xhtml+xml", "");

  /** The page; without a content type it is taken for HTML, as browsers mostly do. */
  static Page of(OutboundResponse answer) {
    Optional<String> encoding = answer.unknownEncoding();
    if (encoding.isPresent()) {
      return new Unreadable("the answer is in an unknown encoding: " + encoding.get());
    }
    ContentType content = answer.contentType();
    if (HTML.contains(content.type())) {
      return new Html(answer.body(), content.charset());
    }
    return content.type().equals("text/plain")
        ? new Plain(answer.text())
        : new Unreadable("only HTML and plain text have words to count, not " + content.type());
  }
}
