package dev.trunkline.api;

import io.quarkus.smallrye.openapi.OpenApiFilter;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.jboss.jandex.IndexView;

/**
 * Completes the OpenAPI document while the service is built, by what holds for every operation:
 * problems, examples, and what may be null; and by what the service asks of others. So the
 * resources need not say it, and what is new has it by itself.
 */
@OpenApiFilter(stages = OpenApiFilter.RunStage.BUILD)
public class ApiDocumentFilter implements OASFilter {

  private final IndexView index;

  public ApiDocumentFilter(IndexView index) {
    this.index = index;
  }

  @Override
  public void filterOpenAPI(OpenAPI document) {
    new DocumentedParameters().complete(document);
    new DocumentedForms().complete(document);
    DocumentedCallback.complete(document);
    new DocumentedNulls(index).complete(document);
    new DocumentedProblems(index).complete(document);
    DocumentedExamples.read().complete(document);
  }
}
