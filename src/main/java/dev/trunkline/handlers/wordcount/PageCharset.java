package dev.trunkline.handlers.wordcount;

import dev.trunkline.outbound.ContentType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.util.Optional;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jspecify.annotations.Nullable;

/**
 * The way from a page's bytes to its characters: a byte order mark decides, then the {@code
 * Content-Type}, then a {@code <meta>} tag or XML declaration, and otherwise it is UTF-8.
 */
final class PageCharset {

  private PageCharset() {}

  static Document document(byte[] bytes, Optional<Charset> declared) {
    Document page = parsed(bytes, declared.map(Charset::name).orElse(null));
    Charset meant = ContentType.meant(page.charset());
    return meant.equals(page.charset()) ? page : parsed(bytes, meant.name());
  }

  private static Document parsed(byte[] bytes, @Nullable String charset) {
    try {
      return Jsoup.parse(new ByteArrayInputStream(bytes), charset, "");
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory does not fail", e);
    }
  }
}
