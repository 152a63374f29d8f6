package dev.trunkline.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.net.URL;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that only the fuzz run thought of, each of which once met a fault. */
@QuarkusTest
class OddRequestsResourceTest {

  @TestHTTPResource("/")
  URL service;

  @ParameterizedTest
  @ValueSource(strings = {"", "json", ";", "a/b/c"})
  void aBatchWithoutABodyIsNoneWhateverItsTypeIsSaidToBe(String type) throws IOException {
    RawHttp.Answer answer =
        RawHttp.ask(service, "POST /api/v1/tasks/batch HTTP/1.1", "Content-Type: " + type);
    assertThat(answer.status()).isIn(400, 415);
    assertThat(answer.headers()).containsEntry("content-type", Problem.MEDIA_TYPE);
  }

  @Test
  void twoSlashesAreNoHostInAnInstance() throws IOException {
    RawHttp.Answer answer = RawHttp.ask(service, "POST // HTTP/1.1");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(JsonPath.from(answer.body()).getString("instance")).isEqualTo("/.//");
  }
}
