package dev.trunkline.api;

import static org.eclipse.microprofile.openapi.OASFactory.createAPIResponse;
import static org.eclipse.microprofile.openapi.OASFactory.createContent;
import static org.eclipse.microprofile.openapi.OASFactory.createExample;
import static org.eclipse.microprofile.openapi.OASFactory.createHeader;
import static org.eclipse.microprofile.openapi.OASFactory.createMediaType;
import static org.eclipse.microprofile.openapi.OASFactory.createSchema;

import dev.trunkline.task.Refusal.Fault;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.models.Components;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.PathItem;
import org.eclipse.microprofile.openapi.models.examples.Example;
import org.eclipse.microprofile.openapi.models.headers.Header;
import org.eclipse.microprofile.openapi.models.media.MediaType;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.parameters.Parameter;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;
import org.jboss.jandex.AnnotationInstance;
import org.jboss.jandex.AnnotationValue;
import org.jboss.jandex.DotName;
import org.jboss.jandex.IndexView;

/**
 * Writes into the OpenAPI document which problems an operation may answer with: each status with
 * its types, and an example of each. Most follow from what the operation takes; the others are
 * named at its method, by {@link ProblemResponses}.
 */
final class DocumentedProblems {

  private static final DotName ANNOTATION = DotName.createSimple(ProblemResponses.class);
  private static final DotName OPERATION =
      DotName.createSimple("org.eclipse.microprofile.openapi.annotations.Operation");
  private static final String EXAMPLES = "examples";

  private final Map<String, List<ProblemKind>> named;

  DocumentedProblems(IndexView index) {
    this.named =
        index.getAnnotations(ANNOTATION).stream()
            .collect(
                Collectors.toMap(
                    annotation ->
                        annotation
                            .target()
                            .asMethod()
                            .annotation(OPERATION)
                            .value("operationId")
                            .asString(),
                    DocumentedProblems::kinds,
                    // A class may be indexed twice.
                    (one, same) -> one));
  }

  private static List<ProblemKind> kinds(AnnotationInstance annotation) {
    AnnotationValue kinds = annotation.value();
    return kinds == null
        ? List.of()
        : Arrays.stream(kinds.asEnumArray()).map(ProblemKind::valueOf).toList();
  }

  void complete(OpenAPI document) {
    Components components = document.getComponents();
    for (ProblemKind kind : ProblemKind.values()) {
      components.addExample(kind.slug(), example(kind));
    }
    document
        .getPaths()
        .getPathItems()
        .forEach(
            (path, item) ->
                item.getOperations()
                    .values()
                    .forEach(
                        operation ->
                            complete(operation, kinds(path, item, operation), components)));
  }

  private static void complete(Operation operation, Set<ProblemKind> kinds, Components components) {
    Map<Integer, List<ProblemKind>> byStatus =
        kinds.stream()
            .collect(Collectors.groupingBy(ProblemKind::status, TreeMap::new, Collectors.toList()));
    byStatus.forEach(
        (status, alike) -> {
          String name = alike.stream().map(ProblemKind::slug).collect(Collectors.joining("-or-"));
          components.addResponse(name, response(alike));
          operation
              .getResponses()
              .addAPIResponse(
                  Integer.toString(status),
                  createAPIResponse().ref("#/components/responses/" + name));
        });
  }

  private Set<ProblemKind> kinds(String path, PathItem item, Operation operation) {
    Set<ProblemKind> kinds = EnumSet.of(ProblemKind.BAD_REQUEST, ProblemKind.INTERNAL_ERROR);
    kinds.add(ProblemKind.TOO_MANY_REQUESTS);
    kinds.add(ProblemKind.SERVICE_UNAVAILABLE);
    kinds.add(ProblemKind.NOT_ACCEPTABLE);
    if (operation.getRequestBody() != null) {
      kinds.addAll(
          EnumSet.of(
              ProblemKind.MALFORMED_REQUEST,
              ProblemKind.CONTENT_TOO_LARGE,
              ProblemKind.UNSUPPORTED_MEDIA_TYPE,
              ProblemKind.VALIDATION_FAILED));
    }
    if (hasValuesBesideTheBody(item, operation)) {
      kinds.add(ProblemKind.MALFORMED_REQUEST);
    }
    if (operation.getSecurity() != null && !operation.getSecurity().isEmpty()) {
      kinds.addAll(
          EnumSet.of(
              ProblemKind.UNAUTHORIZED,
              ProblemKind.INVALID_TOKEN,
              ProblemKind.FORBIDDEN,
              ProblemKind.PROVIDER_UNAVAILABLE,
              ProblemKind.DATABASE_UNAVAILABLE));
    }
    if (path.contains("/tasks/{id}")) {
      kinds.add(ProblemKind.NO_SUCH_TASK);
    }
    if (operation.getTags() != null && operation.getTags().contains(EXAMPLES)) {
      kinds.addAll(EnumSet.of(ProblemKind.NOT_FOUND, ProblemKind.NO_SUCH_TASK));
      kinds.add(ProblemKind.TYPE_UNAVAILABLE);
    }
    kinds.addAll(named.getOrDefault(operation.getOperationId(), List.of()));
    return kinds;
  }

  private static boolean hasValuesBesideTheBody(PathItem item, Operation operation) {
    return parameters(item, operation)
        .anyMatch(parameter -> parameter.getIn() != Parameter.In.PATH);
  }

  private static Stream<Parameter> parameters(PathItem item, Operation operation) {
    return Stream.of(item.getParameters(), operation.getParameters())
        .filter(list -> list != null)
        .flatMap(List::stream);
  }

  private static APIResponse response(List<ProblemKind> kinds) {
    MediaType content =
        createMediaType().schema(createSchema().ref("#/components/schemas/Problem"));
    kinds.forEach(
        kind ->
            content.addExample(
                kind.slug(), createExample().ref("#/components/examples/" + kind.slug())));
    APIResponse response =
        createAPIResponse()
            .description(
                kinds.stream()
                    .map(kind -> "`" + kind.type() + "`: " + kind.when())
                    .collect(Collectors.joining("\n\n")))
            .content(createContent().addMediaType(Problem.MEDIA_TYPE, content));
    headers(kinds.getFirst().status()).forEach(response::addHeader);
    return response;
  }

  private static Map<String, Header> headers(int status) {
    return switch (status) {
      case 401, 403 ->
          Map.of("WWW-Authenticate", header(Schema.SchemaType.STRING, "How to (RFC 6750)"));
      case 429, 503 ->
          Map.of("Retry-After", header(Schema.SchemaType.INTEGER, "Seconds until it may work"));
      default -> Map.of();
    };
  }

  private static Header header(Schema.SchemaType type, String description) {
    return createHeader().description(description).schema(createSchema().type(List.of(type)));
  }

  private static Example example(ProblemKind kind) {
    Problem problem = kind.example();
    Map<String, Object> value = new LinkedHashMap<>();
    value.put("type", problem.type());
    value.put("title", problem.title());
    value.put("status", problem.status());
    value.put("detail", problem.detail());
    value.put("instance", "/api/v1/tasks");
    if (!problem.errors().isEmpty()) {
      value.put("errors", faults(problem.errors()));
    }
    return createExample().summary(problem.title()).value(value);
  }

  private static List<Map<String, Object>> faults(Collection<Fault> faults) {
    return faults.stream().map(DocumentedProblems::fault).toList();
  }

  private static Map<String, Object> fault(Fault fault) {
    Map<String, Object> value = new LinkedHashMap<>();
    value.put("pointer", fault.pointer());
    value.put("detail", fault.detail());
    return value;
  }
}
