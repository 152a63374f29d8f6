package dev.trunkline.handlers.wordcount;

import java.util.Set;
import java.util.regex.Pattern;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeFilter;
import org.jsoup.select.NodeTraversor;

/**
 * The text of a page that a reader sees without doing anything, as far as the markup alone tells:
 * style sheets and scripts are not looked at.
 *
 * <p>Left out are the elements that the HTML Standard (15.3.1) hides, those marked {@code hidden},
 * closed dialogs, and what an inline style hides; the fallback inside of {@code iframe}, {@code
 * video} and the like; and what form fields hold ({@code textarea}, {@code select}), which is the
 * reader's text, not the page's. The title stands in the browser's tab, not on the page. Closed
 * {@code details} and buttons count.
 *
 * <p>Blocks, {@code <br>} and boxes such as images part words; inline elements do not: {@code
 * <b>foo</b>bar} is one word.
 */
final class VisibleText implements NodeFilter {

  private static final Set<String> HIDDEN =
      Set.of(
          "area",
          "base",
          "basefont",
          "datalist",
          "head",
          "link",
          "meta",
          "noembed",
          "noframes",
          "noscript",
          "param",
          "rp",
          "script",
          "style",
          "template",
          "title",
          "desc",
          "metadata",
          "defs");

  /** Seen as a box that parts the words around it, while what is inside is not the page's text. */
  private static final Set<String> OPAQUE =
      Set.of(
          "audio",
          "canvas",
          "embed",
          "iframe",
          "img",
          "input",
          "object",
          "select",
          "textarea",
          "video");

  /** What parts words besides the elements that jsoup calls blocks. */
  private static final Set<String> SEPARATE =
      Set.of(
          "br",
          "button",
          "legend",
          "math",
          "meter",
          "progress",
          "rt",
          "summary",
          "svg",
          "text",
          "xmp");

  private static final Pattern HIDING_STYLE =
      Pattern.compile(
          "(?i)(?:^|;)\\s*(?:display\\s*:\\s*none|visibility\\s*:\\s*(?:hidden|collapse))\\b");

  private final StringBuilder text = new StringBuilder();

  private VisibleText() {}

  /** The text with a line break wherever words are parted. */
  static String of(Document page) {
    VisibleText visible = new VisibleText();
    NodeTraversor.filter(visible, page);
    return visible.text.toString();
  }

  @Override
  public FilterResult head(Node node, int depth) {
    return switch (node) {
      case TextNode words -> words(words);
      case Element element -> element(element);
      default -> FilterResult.CONTINUE;
    };
  }

  @Override
  public FilterResult tail(Node node, int depth) {
    if (node instanceof Element element && separates(element)) {
      text.append('\n');
    }
    return FilterResult.CONTINUE;
  }

  private FilterResult words(TextNode node) {
    text.append(node.getWholeText());
    return FilterResult.CONTINUE;
  }

  private FilterResult element(Element element) {
    if (isHidden(element)) {
      return FilterResult.SKIP_ENTIRELY;
    }
    if (separates(element)) {
      text.append('\n');
    }
    return OPAQUE.contains(element.normalName())
        ? FilterResult.SKIP_CHILDREN
        : FilterResult.CONTINUE;
  }

  private static boolean separates(Element element) {
    String name = element.normalName();
    return element.isBlock() || SEPARATE.contains(name) || OPAQUE.contains(name);
  }

  private static boolean isHidden(Element element) {
    return HIDDEN.contains(element.normalName())
        || element.hasAttr("hidden")
        || (element.nameIs("dialog") && !element.hasAttr("open"))
        || HIDING_STYLE.matcher(element.attr("style")).find();
  }
}
