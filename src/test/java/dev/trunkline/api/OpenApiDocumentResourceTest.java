package dev.trunkline.api;

import static io.restassured.RestAssured.given;
import static io.restassured.RestAssured.when;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.trunkline.it.fuzz.Contract;
import dev.trunkline.it.fuzz.Schemas;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The OpenAPI document is good, and {@code docs/openapi.yaml} is the one that is served. After a
 * change of the contract: {@code ./mvnw test -Dtest=OpenApiDocumentResourceTest -Ddocs.write=true}.
 */
@QuarkusTest
class OpenApiDocumentResourceTest {

  private static final Path FILE = Path.of("docs/openapi.yaml");
  private static final String SCHEMA = "https://spec.openapis.org/oas/3.1/schema-base/2025-09-15";
  private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch");
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
          .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
          .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
          .build();

  private JsonNode document;
  private Schemas schemas;

  @BeforeEach
  void read() throws IOException {
    document = JSON.readTree(when().get("/q/openapi?format=json").asByteArray());
    schemas = new Schemas(Contract.read(document).components());
  }

  @Test
  void itIsThatOfTheRepository() throws IOException {
    String served = YAML.writeValueAsString(new DocumentOrder().sorted(document));
    if (Boolean.getBoolean("docs.write")) {
      Files.writeString(FILE, served);
    }
    assertThat(FILE)
        .as("rewrite it: ./mvnw test -Dtest=OpenApiDocumentResourceTest" + " -Ddocs.write=true")
        .hasContent(served);
  }

  @Test
  void itIsWhatOpenApi31SaysThatItShouldBe() {
    assertThat(document.get("openapi").asText()).startsWith("3.1.");
    SchemaRegistry registry =
        SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12,
            builder ->
                builder.schemaIdResolvers(
                    resolvers ->
                        resolvers.mapPrefix(
                            "https://spec.openapis.org/oas/3.1/", "classpath:openapi/3.1/")));
    assertThat(registry.getSchema(SchemaLocation.of(SCHEMA)).validate(document)).isEmpty();
  }

  @Test
  void itSaysWhoMayDoWhatOrThatEverybodyMay() {
    operations()
        .forEach(
            (name, operation) -> {
              boolean isOpen = operation.path("tags").toString().contains("problems");
              assertThat(operation.path("security").isEmpty()).as(name).isEqualTo(isOpen);
            });
  }

  @Test
  void everyOperationHasANameAndASummaryOfItsOwn() {
    List<String> names = new ArrayList<>();
    operations()
        .forEach(
            (name, operation) -> {
              assertThat(operation.path("summary").asText()).as(name).isNotBlank();
              assertThat(operation.path("tags")).as(name).hasSize(1);
              names.add(operation.path("operationId").asText());
            });
    assertThat(names).doesNotHaveDuplicates().doesNotContain("");
  }

  @Test
  void everyJsonHasAnExampleThatFits() {
    operations()
        .forEach(
            (name, operation) -> {
              assertExamples(name, operation.path("requestBody"));
              operation
                  .path("responses")
                  .properties()
                  .forEach(
                      response ->
                          assertExamples(name + " " + response.getKey(), response.getValue()));
            });
  }

  @Test
  void everyValueBesideABodyHasATypeAndWhereItCanBounds() {
    operations()
        .forEach(
            (name, operation) -> {
              for (JsonNode parameter : operation.path("parameters")) {
                String which = name + " " + parameter.get("name").asText();
                JsonNode schema = parameter.get("schema");
                assertThat(schema.path("type").isMissingNode()).as(which).isFalse();
                if (schema.path("type").asText().equals("integer")) {
                  assertThat(schema.has("minimum") && schema.has("maximum")).as(which).isTrue();
                }
                assertThat(parameter.path("description").asText()).as(which).isNotBlank();
              }
            });
  }

  @Test
  void whoAcceptsTheProblemsOfAnOperationWithoutAnotherAnswerIsNotRefused() {
    String nobody = UUID.randomUUID().toString();
    operations()
        .forEach(
            (name, operation) -> {
              if (name.startsWith("delete ")) {
                String path = name.substring(name.indexOf('/')).replaceAll("\\{\\w+}", nobody);
                given().accept("application/problem+json").delete(path).then().statusCode(404);
              }
            });
  }

  private void assertExamples(String what, JsonNode part) {
    JsonNode whole = part.has("$ref") ? document.at(part.get("$ref").asText().substring(1)) : part;
    JsonNode json = whole.at("/content/application~1json");
    if (json.isMissingNode()) {
      return;
    }
    List<JsonNode> examples = new ArrayList<>();
    if (json.has("example")) {
      examples.add(json.get("example"));
    }
    json.path("examples").forEach(example -> examples.add(example.get("value")));
    assertThat(examples).as(what + " has no example").isNotEmpty();
    for (JsonNode example : examples) {
      assertThat(schemas.faults(json.get("schema"), example)).as("%s: %s", what, example).isEmpty();
    }
  }

  /** All operations, by method and path. */
  private Map<String, JsonNode> operations() {
    Map<String, JsonNode> operations = new TreeMap<>();
    document
        .get("paths")
        .properties()
        .forEach(
            path ->
                path.getValue().properties().stream()
                    .filter(method -> METHODS.contains(method.getKey()))
                    .forEach(
                        method ->
                            operations.put(
                                method.getKey() + " " + path.getKey(), method.getValue())));
    return operations;
  }
}
