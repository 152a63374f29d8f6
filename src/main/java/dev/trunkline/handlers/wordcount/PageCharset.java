package dev.trunkline.handlers.wordcount;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jspecify.annotations.Nullable;

/**
 * The way from a page's bytes to its characters: a byte order mark decides, then the {@code
 * Content-Type}, then a {@code <meta>} tag or XML declaration, and otherwise it is UTF-8. Names are
 * read as the Encoding Standard says, where Latin-1 and ASCII mean windows-1252: that is what pages
 * that claim them are written in, curly quotes included.
 */
final class PageCharset {

  private static final Pattern PARAMETER =
      Pattern.compile("(?i);\\s*charset\\s*=\\s*[\"']?([^\\s;\"']+)");

  private static final Charset WINDOWS_1252 = Charset.forName("windows-1252");
  private static final Set<Charset> TAKEN_FOR_WINDOWS_1252 =
      Set.of(StandardCharsets.ISO_8859_1, StandardCharsets.US_ASCII);

  private PageCharset() {}

  /** The charset that a {@code Content-Type} names, if it is one that is known here. */
  static Optional<String> declaredIn(String contentType) {
    Matcher charset = PARAMETER.matcher(contentType);
    return charset.find() && isKnown(charset.group(1))
        ? Optional.of(meant(Charset.forName(charset.group(1))).name())
        : Optional.empty();
  }

  static Document document(byte[] bytes, Optional<String> declared) {
    Document page = parsed(bytes, declared.orElse(null));
    Charset found = page.charset();
    return meant(found).equals(found) ? page : parsed(bytes, meant(found).name());
  }

  /** The text without its byte order mark. */
  static String text(byte[] bytes, Optional<String> declared) {
    Optional<Charset> marked = byteOrderMark(bytes);
    Charset charset =
        marked.or(() -> declared.map(Charset::forName)).orElse(StandardCharsets.UTF_8);
    return new String(bytes, charset).replaceFirst("^\uFEFF", "");
  }

  private static Optional<Charset> byteOrderMark(byte[] bytes) {
    if (startsWith(bytes, 0xEF, 0xBB, 0xBF)) {
      return Optional.of(StandardCharsets.UTF_8);
    }
    if (startsWith(bytes, 0xFE, 0xFF)) {
      return Optional.of(StandardCharsets.UTF_16BE);
    }
    return startsWith(bytes, 0xFF, 0xFE)
        ? Optional.of(StandardCharsets.UTF_16LE)
        : Optional.empty();
  }

  private static boolean startsWith(byte[] bytes, int... mark) {
    for (int i = 0; i < mark.length; i++) {
      if (bytes.length <= i || (bytes[i] & 0xff) != mark[i]) {
        return false;
      }
    }
    return true;
  }

  private static Document parsed(byte[] bytes, @Nullable String charset) {
    try {
      return Jsoup.parse(new ByteArrayInputStream(bytes), charset, "");
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory does not fail", e);
    }
  }

  private static Charset meant(Charset named) {
    return TAKEN_FOR_WINDOWS_1252.contains(named) ? WINDOWS_1252 : named;
  }

  private static boolean isKnown(String name) {
    try {
      return Charset.isSupported(name);
    } catch (IllegalCharsetNameException e) {
      return false;
    }
  }
}
