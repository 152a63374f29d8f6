package dev.trunkline.execute;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What is so unless an operator says otherwise. */
@QuarkusTest
class TracingOffResourceTest {

  @Inject AttemptSpans spans;

  @Test
  void offCostsNoSpan() {
    assertThat(spans.begin(Attempts.claimed(UUID.randomUUID(), 1))).isSameAs(AttemptSpan.NONE);
  }

  @Test
  void offATaskHasTheTraceThatItWasSubmittedWithAndNoOther() {
    given()
        .contentType("application/json")
        .body("{\"type\":\"noop\",\"payload\":1}")
        .post("/api/v1/tasks")
        .then()
        .statusCode(202)
        .body("traceparent", nullValue());
  }
}
