package dev.trunkline.api;

import static io.restassured.RestAssured.given;
import static io.restassured.RestAssured.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@QuarkusTest
class ProblemPagesResourceTest {

  @ParameterizedTest
  @EnumSource
  void everyProblemTypeHasAPage(ProblemKind kind) {
    String html =
        given()
            .accept("text/html,application/xhtml+xml,*/*;q=0.8")
            .get(kind.type())
            .then()
            .statusCode(200)
            .contentType("text/html;charset=UTF-8")
            .extract()
            .asString();
    Document page = Jsoup.parse(html);
    assertThat(page.expectFirst("h1").text()).isEqualTo(kind.title());
    assertThat(page.text()).contains(kind.type(), kind.when(), kind.remedy());
    assertThat(page.expectFirst("pre").text()).contains("\"type\" : \"" + kind.type() + "\"");
  }

  @ParameterizedTest
  @EnumSource
  void everyPageIsThereAsJsonToo(ProblemKind kind) {
    given()
        .accept("application/json")
        .get(kind.type())
        .then()
        .statusCode(200)
        .contentType("application/json")
        .body("type", equalTo(kind.type()))
        .body("status", equalTo(kind.status()))
        .body("when", equalTo(kind.when()))
        .body("remedy", equalTo(kind.remedy()))
        .body("example.type", equalTo(kind.type()));
  }

  @Test
  void theIndexLeadsToEveryPage() {
    Document index =
        Jsoup.parse(when().get("/problems").then().statusCode(200).extract().asString());
    assertThat(index.select("a").eachAttr("href"))
        .containsExactlyElementsOf(
            Arrays.stream(ProblemKind.values()).map(ProblemKind::type).toList());
    given()
        .accept("application/json")
        .get("/problems")
        .then()
        .body(
            "items.type",
            contains(Arrays.stream(ProblemKind.values()).map(ProblemKind::type).toArray()));
  }

  @Test
  void aPageThatThereIsNotIsAProblemItself() {
    when()
        .get("/problems/no-such-problem")
        .then()
        .statusCode(404)
        .contentType("application/problem+json")
        .body("type", equalTo("/problems/not-found"));
  }

  @Test
  void theDocumentationListsEveryProblemWithItsStatus() throws IOException {
    String page = Files.readString(Path.of("docs/api.md"));
    for (ProblemKind kind : ProblemKind.values()) {
      String status = kind == ProblemKind.REFUSED ? "4xx" : Integer.toString(kind.status());
      assertThat(page).contains("| `" + kind.type() + "` | " + status + " |");
    }
  }

  @Test
  void theKindsAreInTheOrderOfTheirStatuses() {
    assertThat(ProblemKind.values())
        .filteredOn(kind -> kind != ProblemKind.REFUSED)
        .isSortedAccordingTo(Comparator.comparingInt(ProblemKind::status));
  }
}
