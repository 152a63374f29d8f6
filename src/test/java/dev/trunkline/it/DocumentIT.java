package dev.trunkline.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** The document and Swagger UI in production, by the settings. */
class DocumentIT {

  private static final String DOCUMENT = "/q/openapi";
  private static final String PAGE = "/q/swagger-ui/";

  @Test
  void theDocumentAndSwaggerUiAreThereUnlessTheyAreSwitchedOff() {
    try (Postgres database = new Postgres()) {
      try (Service service = Service.start(database, Map.of())) {
        assertThat(service.get(DOCUMENT).body()).startsWith("---\nopenapi: 3.1");
        assertThat(service.get(PAGE).body()).contains(DOCUMENT);
      }
      Map<String, String> off =
          Map.of(
              "quarkus.smallrye-openapi.enabled", "false", "quarkus.swagger-ui.enabled", "false");
      try (Service service = Service.start(database, off)) {
        assertThat(service.status(DOCUMENT)).isEqualTo(404);
        assertThat(service.status(PAGE)).isEqualTo(404);
        assertThat(service.status("/api/v1/task-types")).isEqualTo(200);
      }
    }
  }
}
