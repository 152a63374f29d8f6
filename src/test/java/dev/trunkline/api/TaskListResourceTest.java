package dev.trunkline.api;

import static io.restassured.RestAssured.given;
import static io.restassured.RestAssured.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
class TaskListResourceTest {

  private static final String TASKS = "/api/v1/tasks";

  private final String tag = "list-" + UUID.randomUUID();

  @Test
  void theListHasWholeTasksTheNewestFirst() {
    List<String> ids = scheduled(3);
    Collections.reverse(ids);

    list("")
        .statusCode(200)
        .body("items.id", equalTo(ids))
        .body("next", nullValue())
        .body("items[0].payload", equalTo(3))
        .body("items[0].tags", contains(tag))
        .body("items[0].state", equalTo("scheduled"))
        .body("items[0].timeout", equalTo("PT10M"));
    assertThat(list("").extract().headers().hasHeaderWithName("Link")).isFalse();
    String alone = when().get(TASKS + "/" + ids.getFirst()).body().asString();
    assertThat(list("&limit=1").extract().asString()).contains(alone);
  }

  @Test
  void aTaskIsFoundByEachOfItsProperties() {
    String id = scheduled(1).getFirst();
    String created = when().get(TASKS + "/" + id).then().extract().path("createdAt");

    for (String fits :
        List.of(
            "&state=scheduled",
            "&type=noop",
            "&queue=default",
            "&createdAfter=2020-01-01T00:00:00Z",
            "&createdBefore=2100-01-01T00:00:00%2B02:00",
            "&state=scheduled&type=noop&queue=default")) {
      list(fits).body("items.id", contains(id));
    }
    for (String other :
        List.of(
            "&state=queued",
            "&type=echo",
            "&queue=other",
            "&createdAfter=" + created,
            "&createdBefore=" + created)) {
      list(other).statusCode(200).body("items", empty()).body("next", nullValue());
    }
  }

  @Test
  void everyStateCanBeListed() {
    String succeeded = submit("{\"type\":\"noop\",\"payload\":1,\"tags\":[\"%s\"]}");
    String cancelled = scheduled(1).getFirst();
    when().post(TASKS + "/" + cancelled + "/cancel").then().statusCode(200);
    String failed =
        submit(
            "{\"type\":\"web.wordcount\",\"maxAttempts\":1,\"tags\":[\"%s\"],"
                + "\"payload\":{\"url\":\"http://169.254.169.254/\"}}");
    String running =
        submit("{\"type\":\"echo\",\"payload\":{\"text\":\"x\",\"time\":500},\"tags\":[\"%s\"]}");

    shows("succeeded", succeeded);
    shows("cancelled", cancelled);
    shows("failed", failed);
    shows("running", running);
    when().post(TASKS + "/" + running + "/cancel");
  }

  @Test
  void theCursorLeadsFromPageToPageAndSoDoesTheLink() {
    List<String> ids = scheduled(5);
    Collections.reverse(ids);
    List<String> found = new ArrayList<>();

    ValidatableResponse page = list("&limit=2&state=scheduled");
    String byLink = null;
    while (page.extract().path("next") != null) {
      found.addAll(page.extract().path("items.id"));
      String next = page.extract().path("next");
      byLink =
          page.header(
                  "Link",
                  matchesPattern("</api/v1/tasks\\?[^>]*state=scheduled[^>]*>; rel=\"next\""))
              .extract()
              .header("Link")
              .replaceAll("<(.*)>.*", "$1");
      assertThat(byLink).contains("limit=2").contains("tag=" + tag).contains("cursor=" + next);
      page = given().urlEncodingEnabled(false).get(byLink).then().statusCode(200);
    }
    found.addAll(page.extract().path("items.id"));

    assertThat(byLink).isNotNull();
    assertThat(found).isEqualTo(ids);
  }

  @Test
  void aPageHasFiftyTasksUntilToldOtherwise() {
    scheduled(51);

    list("").body("items", hasSize(50));
    list("&limit=500").body("items", hasSize(51));
  }

  @Test
  void emptyParametersAreTakenForLeftOut() {
    scheduled(1);

    list("&state=&type=&queue=&createdAfter=&createdBefore=&limit=&cursor=")
        .statusCode(200)
        .body("items", hasSize(1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "limit=0 | needs a whole number from 1 to 500 in the query parameter limit",
        "limit=501 | needs a whole number from 1 to 500 in the query parameter limit",
        "limit=ten | needs a whole number from 1 to 500 in the query parameter limit",
        "state=done | needs one of scheduled, queued, running, succeeded, failed, cancelled in the",
        "state=FAILED | in the query parameter state",
        "type=No%20Name | in the query parameter type",
        "queue=%00 | in the query parameter queue",
        "tag=a%00b | in the query parameter tag",
        "createdAfter=yesterday | in the query parameter createdAfter",
        "createdBefore=2030-01-01 | in the query parameter createdBefore",
        "createdBefore=%2B12030-01-01T00:00:00Z | in the query parameter createdBefore",
        "cursor=abc | in the query parameter cursor",
        "cursor=%25%25 | in the query parameter cursor",
        "stat=failed | names \"stat\", which is not a known query parameter, did you mean"
            + " \"state\"?",
        "state=failed&state=queued | gives the query parameter state more than once"
      })
  void whatAParameterCannotBeIsRefusedByName(String query, String detail) {
    given()
        .urlEncodingEnabled(false)
        .get(TASKS + "?" + query)
        .then()
        .statusCode(400)
        .contentType("application/problem+json")
        .body("type", equalTo("/problems/malformed-request"))
        .body("errors[0].detail", containsString(detail));
  }

  @Test
  void faultsAreNamedTogether() {
    when().get(TASKS + "?limit=0&state=x&foo=1").then().statusCode(400).body("errors", hasSize(3));
  }

  @Test
  void aCursorBelongsToTheFiltersItCameWith() {
    scheduled(2);
    String next = list("&limit=1").extract().path("next");

    list("&limit=7&cursor=" + next).statusCode(200).body("items", hasSize(1));
    list("&state=scheduled&cursor=" + next).statusCode(400);
  }

  @Test
  void theDocumentNamesWhatIsRead() {
    for (String operation : List.of("'/api/v1/tasks'.get", "'/api/v1/tasks/retry'.post")) {
      when()
          .get("/q/openapi?format=json")
          .then()
          .body(
              "paths." + operation + ".parameters.name",
              containsInAnyOrder(FilterParameters.NAMES.toArray()))
          .body("paths." + operation + ".parameters.in.unique()", contains("query"));
    }
  }

  private void shows(String state, String id) {
    Awaitility.await().untilAsserted(() -> list("&state=" + state).body("items.id", contains(id)));
  }

  private ValidatableResponse list(String query) {
    return given().urlEncodingEnabled(false).get(TASKS + "?tag=" + tag + query).then();
  }

  private List<String> scheduled(int count) {
    List<String> ids = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      ids.add(
          submit("{\"type\":\"noop\",\"payload\":" + i + ",\"delay\":\"PT1H\",\"tags\":[\"%s\"]}"));
    }
    return ids;
  }

  private String submit(String body) {
    return given()
        .contentType(ContentType.JSON)
        .body(body.formatted(tag))
        .post(TASKS)
        .then()
        .statusCode(202)
        .extract()
        .path("id");
  }
}
