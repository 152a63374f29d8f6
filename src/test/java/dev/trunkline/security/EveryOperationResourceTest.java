package dev.trunkline.security;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Every operation of the OpenAPI document, tried by every role, by a token that is none, and by
 * nobody. What comes out is the table in {@code docs/security.md}. After a change there: {@code
 * ./mvnw test -Dtest=EveryOperationResourceTest -Ddocs.write=true}, and read what changed.
 */
@QuarkusTest
@TestProfile(TokenMode.class)
class EveryOperationResourceTest {

  private static final Path PAGE = Path.of("docs/security.md");
  private static final String BEGIN = "<!-- every operation: written by a test -->\n";
  private static final String END = "<!-- end of every operation -->\n";
  private static final Map<String, String> TOKENS = new LinkedHashMap<>();

  static {
    TOKENS.put(Roles.SUBMITTER, TokenMode.SUBMITTER);
    TOKENS.put(Roles.WORKER, TokenMode.WORKER);
    TOKENS.put(Roles.OPERATOR, TokenMode.OPERATOR);
  }

  private List<Operation> operations = List.of();

  @BeforeEach
  void readTheDocument() throws IOException {
    String document = as(TokenMode.OPERATOR).get("/q/openapi?format=json").asString();
    operations = Operation.in(new ObjectMapper().readTree(document));
    assertThat(operations).hasSizeGreaterThan(5);
  }

  @Test
  void everyOperationAnswersEveryRoleAsTheTableSays() throws IOException {
    String page = Files.readString(PAGE);
    String expected = page.replaceAll("(?s)" + BEGIN + ".*" + END, BEGIN + table() + END);
    if (Boolean.getBoolean("docs.write")) {
      Files.writeString(PAGE, expected);
    }
    assertThat(PAGE)
        .as("rewrite it, and read what changed: -Ddocs.write=true")
        .hasContent(expected);
    assertThat(page).contains(BEGIN, END);
  }

  @Test
  void nobodyAndABadTokenGetNothingButWhatIsOpen() {
    for (Operation operation : operations) {
      boolean open = operation.path().startsWith("/problems");
      assertThat(status(operation, given()) == 401).as("nobody: " + operation).isEqualTo(!open);
      assertThat(status(operation, as("made-up")) == 401)
          .as("a bad token: " + operation)
          .isEqualTo(!open);
    }
  }

  @Test
  void theOperatorMayDoEverything() {
    assertThat(operations)
        .allSatisfy(
            operation -> assertThat(status(operation, as(TokenMode.OPERATOR))).isNotIn(401, 403));
  }

  @Test
  void theDocumentNamesTheRolesThatAreLetIn() {
    for (Operation operation : operations) {
      if (!operation.path().startsWith("/problems")) {
        assertThat(operation.roles()).as(operation.toString()).isEqualTo(letIn(operation));
      }
    }
  }

  private String table() {
    return operations.stream()
        .map(this::row)
        .collect(
            Collectors.joining(
                "",
                "| operation | | nobody | submitter | worker | operator |\n"
                    + "|---|---|---|---|---|---|\n",
                ""));
  }

  private String row(Operation operation) {
    String roles =
        TOKENS.values().stream()
            .map(token -> word(status(operation, as(token))))
            .collect(Collectors.joining(" | "));
    return "| `%s` | `%s %s` | %s | %s |\n"
        .formatted(
            operation.id(),
            operation.method(),
            operation.path(),
            word(status(operation, given())),
            roles);
  }

  private static String word(int status) {
    return status == 401 || status == 403 ? Integer.toString(status) : "yes";
  }

  private static Set<String> letIn(Operation operation) {
    return TOKENS.entrySet().stream()
        .filter(token -> status(operation, as(token.getValue())) != 403)
        .map(Map.Entry::getKey)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static int status(Operation operation, RequestSpecification credentials) {
    operation.contentType().ifPresent(type -> credentials.contentType(type).body("{}"));
    return credentials.request(operation.method(), operation.pathToNothing()).statusCode();
  }

  private static RequestSpecification as(String token) {
    return given().header("Authorization", "Bearer " + token);
  }
}
