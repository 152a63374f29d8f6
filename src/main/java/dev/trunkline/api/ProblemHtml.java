package dev.trunkline.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import jakarta.inject.Singleton;
import java.util.List;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;

/** The pages of the problems as HTML, built as a tree of elements, so that all text is escaped. */
@Singleton
class ProblemHtml {

  private static final String STYLE =
      "body{font:1rem/1.5 system-ui,sans-serif;max-width:48rem;margin:2rem auto;padding:0 1rem}"
          + "pre{background:#8881;padding:1rem;overflow-x:auto}"
          + "td{padding:.1rem 1rem .1rem 0;vertical-align:top}";

  private final ObjectWriter json;

  ProblemHtml(ObjectMapper mapper) {
    this.json = mapper.writerWithDefaultPrettyPrinter();
  }

  /** All of them, with links. */
  String index(List<ProblemPage> pages) {
    Document document = titled("Problems");
    document
        .body()
        .appendElement("p")
        .text("Every error is application/problem+json (RFC 9457): branch on its type.");
    Element table = document.body().appendElement("table");
    pages.forEach(page -> addRow(table, page));
    return document.outerHtml();
  }

  /** One of them. */
  String page(ProblemPage page) {
    Document document = titled(page.title());
    Element body = document.body();
    body.appendElement("p").text(page.type() + ", status " + page.status());
    body.appendElement("h2").text("When");
    body.appendElement("p").text(page.when());
    body.appendElement("h2").text("What to do");
    body.appendElement("p").text(page.remedy());
    body.appendElement("h2").text("Example");
    body.appendElement("pre").text(example(page));
    body.appendElement("p").appendElement("a").attr("href", "/problems").text("All problems");
    return document.outerHtml();
  }

  private static Document titled(String title) {
    Document document = Document.createShell("");
    document.prependChild(new org.jsoup.nodes.DocumentType("html", "", ""));
    document.expectFirst("html").attr("lang", "en");
    document.head().appendElement("meta").attr("charset", "utf-8");
    document.title(title + " – Trunkline");
    document.head().appendElement("style").appendText(STYLE);
    document.body().appendElement("h1").text(title);
    return document;
  }

  private static void addRow(Element table, ProblemPage page) {
    Element row = table.appendElement("tr");
    row.appendElement("td").text(Integer.toString(page.status()));
    row.appendElement("td").appendElement("a").attr("href", page.type()).text(page.type());
    row.appendElement("td").text(page.title());
  }

  private String example(ProblemPage page) {
    try {
      return json.writeValueAsString(page.example());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a problem is always JSON", e);
    }
  }
}
