package dev.trunkline.api;

import static org.eclipse.microprofile.openapi.OASFactory.createAPIResponse;
import static org.eclipse.microprofile.openapi.OASFactory.createAPIResponses;
import static org.eclipse.microprofile.openapi.OASFactory.createCallback;
import static org.eclipse.microprofile.openapi.OASFactory.createContent;
import static org.eclipse.microprofile.openapi.OASFactory.createMediaType;
import static org.eclipse.microprofile.openapi.OASFactory.createOperation;
import static org.eclipse.microprofile.openapi.OASFactory.createParameter;
import static org.eclipse.microprofile.openapi.OASFactory.createPathItem;
import static org.eclipse.microprofile.openapi.OASFactory.createRequestBody;
import static org.eclipse.microprofile.openapi.OASFactory.createSchema;

import java.util.List;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.media.Schema.SchemaType;
import org.eclipse.microprofile.openapi.models.parameters.Parameter;
import org.eclipse.microprofile.openapi.models.responses.APIResponses;

/** Writes into the OpenAPI document what the receiver of a callback gets, and should answer. */
final class DocumentedCallback {

  private static final String SUBMISSION = "submitTask";
  private static final String NAME = "taskIsFinal";
  private static final String URL = "{$request.body#/callback/url}";

  private DocumentedCallback() {}

  static void complete(OpenAPI document) {
    document.getPaths().getPathItems().values().stream()
        .flatMap(item -> item.getOperations().values().stream())
        .filter(operation -> SUBMISSION.equals(operation.getOperationId()))
        .forEach(
            operation ->
                operation.addCallback(
                    NAME, createCallback().addPathItem(URL, createPathItem().POST(call()))));
  }

  private static Operation call() {
    return createOperation()
        .operationId(NAME)
        .summary("Hear that the task is final")
        .description(
            "Signed by the rules of Standard Webhooks. Tried again for about three days, until it"
                + " is answered with 2xx, or with 410.")
        .addParameter(header("webhook-id", "The same for every telling of one final state"))
        .addParameter(header("webhook-timestamp", "Of this attempt, in seconds since 1970"))
        .addParameter(
            header(
                "webhook-signature",
                "v1, and the HMAC-SHA256 of id, timestamp and body in Base64; one for each"
                    + " secret, separated by spaces"))
        .requestBody(
            createRequestBody()
                .required(true)
                .content(
                    createContent()
                        .addMediaType(
                            "application/json",
                            createMediaType()
                                .schema(createSchema().ref("#/components/schemas/Task")))))
        .responses(answers());
  }

  private static Parameter header(String name, String description) {
    return createParameter()
        .in(Parameter.In.HEADER)
        .name(name)
        .required(true)
        .description(description)
        .schema(createSchema().type(List.of(SchemaType.STRING)));
  }

  private static APIResponses answers() {
    return createAPIResponses()
        .addAPIResponse("2XX", createAPIResponse().description("Delivered; the body is not read"))
        .addAPIResponse("410", createAPIResponse().description("Not wanted: it is not tried again"))
        .addAPIResponse(
            "default", createAPIResponse().description("Tried again, as Retry-After asks"));
  }
}
