package dev.trunkline.it.fuzz;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.Error;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Says what is wrong with an answer, by the OpenAPI document and section 7 of the contract. */
public final class Judge {

  private static final String PROBLEM = "application/problem+json";

  /** Answered by the server before there is a request, and without a body; docs/api.md says so. */
  private static final Set<Integer> HEADS_OVER_THE_LIMIT = Set.of(414, 431);

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Headers that mean something, and so have to be in the document. */
  private static final List<String> TOLD =
      List.of(
          "location",
          "retry-after",
          "etag",
          "preference-applied",
          "idempotency-replayed",
          "link",
          "www-authenticate");

  /** Names of classes and packages, stack traces, SQL and its codes. */
  private static final Pattern INSIDE =
      Pattern.compile(
          "\\b(java|javax|jakarta|io|com|org|dev)\\.[a-z]+\\.[A-Za-z.]*|Exception\\b|\\bat"
              + " [a-z.]+\\("
              + "|SQLSTATE|\\b(select|insert|update|delete)\\b[^.]*\\b(from|into|where)\\b|org\\.postgresql",
          Pattern.CASE_INSENSITIVE);

  private final Schemas schemas;
  private final JsonNode problem;
  private final Set<String> pages;

  /**
   * A judge.
   *
   * @param pages the types of all problems that there is a page for
   */
  public Judge(Schemas schemas, JsonNode problem, Set<String> pages) {
    this.schemas = schemas;
    this.problem = problem;
    this.pages = pages;
  }

  /** What is wrong, in words that are the same for the same fault; empty where nothing is. */
  public List<String> faults(FuzzRequest request, FuzzAnswer answer) {
    List<String> faults = new ArrayList<>();
    if (answer.status() >= 500) {
      faults.add("status " + answer.status());
    }
    if (answer.status() >= 400) {
      lookAtProblem(request, answer, faults);
    }
    if (answer.status() == 405 && answer.header("Allow").isEmpty()) {
      faults.add("405 without Allow");
    }
    if (Set.of(429, 503).contains(answer.status()) && answer.header("Retry-After").isEmpty()) {
      faults.add(answer.status() + " without Retry-After");
    }
    if (request.isOfItsOperation() && !HEADS_OVER_THE_LIMIT.contains(answer.status())) {
      lookAtDocument(request, answer, faults);
    }
    if (request.isAsDocumented() && Set.of(400, 406, 413, 415).contains(answer.status())) {
      faults.add(answer.status() + " although the request is as documented: " + detail(answer));
    }
    return faults;
  }

  private void lookAtProblem(FuzzRequest request, FuzzAnswer answer, List<String> faults) {
    if (request.method().equals("HEAD") || HEADS_OVER_THE_LIMIT.contains(answer.status())) {
      return;
    }
    if (!answer.type().equals(PROBLEM)) {
      faults.add(answer.status() + " is no problem but " + answer.type());
      return;
    }
    JsonNode body = json(answer, faults);
    schemas.faults(problem, body).forEach(fault -> faults.add("problem: " + words(fault)));
    if (body.path("status").asInt() != answer.status()) {
      faults.add("the problem's status is another one than " + answer.status());
    }
    if (!pages.contains(body.path("type").asText())) {
      faults.add(body.path("type") + " has no page");
    }
    if (!isReference(body.path("instance").asText(" "))) {
      faults.add("instance is no reference: " + body.path("instance"));
    }
    for (String text : List.of("title", "detail")) {
      if (INSIDE.matcher(unquoted(request, body.path(text).asText())).find()) {
        faults.add("tells what is inside: " + body.path(text));
      }
    }
  }

  /** Without what only repeats the request. */
  private static String unquoted(FuzzRequest request, String detail) {
    return detail.contains("did you mean") || request.target().length() > 200 ? "" : detail;
  }

  private void lookAtDocument(FuzzRequest request, FuzzAnswer answer, List<String> faults) {
    Contract.Answer documented = request.operation().answer(answer.status()).orElse(null);
    if (documented == null) {
      faults.add("status " + answer.status() + " is not documented: " + detail(answer));
      return;
    }
    if (answer.status() < 400) {
      lookAtContent(documented, answer, faults);
    } else {
      String type = detailOf(answer, "type").replace("/problems/", "");
      if (!type.isEmpty() && !documented.examples().contains(type)) {
        faults.add(answer.status() + " is not documented as " + type);
      }
    }
    for (String header : TOLD) {
      if (answer.header(header).isPresent() && !documented.headers().contains(header)) {
        faults.add(answer.status() + " has the header " + header + ", which is not documented");
      }
    }
  }

  private void lookAtContent(Contract.Answer documented, FuzzAnswer answer, List<String> faults) {
    if (documented.contents().isEmpty()) {
      if (answer.body().length > 0) {
        faults.add(answer.status() + " has a body, which is not documented");
      }
      return;
    }
    JsonNode schema = documented.contents().get(answer.type());
    if (schema == null) {
      faults.add(answer.status() + " as " + answer.type() + " is not documented");
    } else if (answer.type().equals("application/json")) {
      check(schema, json(answer, faults), answer.status(), faults);
    } else if (answer.type().equals("application/x-ndjson")) {
      answer
          .text()
          .lines()
          .forEach(line -> check(schema, json(line, faults), answer.status(), faults));
    }
  }

  private void check(JsonNode schema, JsonNode body, int status, List<String> faults) {
    schemas.faults(schema, body).forEach(fault -> faults.add(status + " body: " + words(fault)));
  }

  /** Without the places in arrays, so that the same fault has the same words. */
  private static String words(Error fault) {
    return fault.toString().replaceAll("/\\d+", "/n");
  }

  private static JsonNode json(FuzzAnswer answer, List<String> faults) {
    return json(answer.text(), faults);
  }

  private static JsonNode json(String text, List<String> faults) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      faults.add("is not JSON");
      return JSON.missingNode();
    }
  }

  private static String detail(FuzzAnswer answer) {
    return detailOf(answer, "type") + " " + detailOf(answer, "detail");
  }

  private static String detailOf(FuzzAnswer answer, String field) {
    return answer.type().toLowerCase(Locale.ROOT).contains("json")
        ? json(answer, new ArrayList<>()).path(field).asText()
        : "";
  }

  private static boolean isReference(String text) {
    try {
      return URI.create(text).getRawPath() != null;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
