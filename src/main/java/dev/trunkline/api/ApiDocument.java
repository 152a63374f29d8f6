package dev.trunkline.api;

import jakarta.ws.rs.core.Application;
import org.eclipse.microprofile.openapi.annotations.OpenAPIDefinition;
import org.eclipse.microprofile.openapi.annotations.info.Info;
import org.eclipse.microprofile.openapi.annotations.info.License;

/** The head of the OpenAPI document. */
@OpenAPIDefinition(
    info =
        @Info(
            title = "Trunkline",
            version = "1",
            description =
                "A task queue. Submit a task and get a ticket at once; collect its status and"
                    + " result later. Errors are application/problem+json (RFC 9457).",
            license =
                @License(name = "Apache-2.0", url = "https://www.apache.org/licenses/LICENSE-2.0")))
public class ApiDocument extends Application {}
