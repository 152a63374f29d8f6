package dev.trunkline.api;

import dev.trunkline.inspect.TaskReader;
import dev.trunkline.inspect.TaskView;
import dev.trunkline.remote.Ask;
import dev.trunkline.remote.HeldLeases;
import dev.trunkline.remote.HeldLeases.Completion;
import dev.trunkline.remote.HeldLeases.Settled;
import dev.trunkline.remote.LeasedTask;
import dev.trunkline.remote.TypeAnnouncer;
import dev.trunkline.security.Roles;
import dev.trunkline.task.Task;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Tasks for workers in any language, and what became of many of them. */
@Path("/api/v1/leases")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@RolesAllowed({Roles.WORKER, Roles.OPERATOR})
@Tag(name = "leases")
public class LeasesResource {

  private final LeaseReader reader;
  private final TypeAnnouncer announcer;
  private final LeasePolls polls;
  private final HeldLeases held;
  private final TaskReader tasks;

  LeasesResource(
      LeaseReader reader,
      TypeAnnouncer announcer,
      LeasePolls polls,
      HeldLeases held,
      TaskReader tasks) {
    this.reader = reader;
    this.announcer = announcer;
    this.polls = polls;
    this.held = held;
    this.tasks = tasks;
  }

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      operationId = "leaseTasks",
      summary = "Get tasks to run",
      description =
          "Leases due tasks, the first priority first, and waits for the first one as long as wait"
              + " says. Announces the types, so that tasks of them can be submitted. What is given"
              + " is bound to its token until expiresAt: send heartbeats in time, and complete,"
              + " fail or release it in the end.")
  @RequestBody(
      required = true,
      content = @Content(schema = @Schema(implementation = LeaseRequests.Ask.class)))
  @APIResponse(
      responseCode = "200",
      description = "The leased tasks; none where nothing came in time",
      content = @Content(schema = @Schema(implementation = LeaseViews.Leases.class)))
  @ProblemResponses
  public LeaseViews.Leases lease(byte[] body) {
    Ask ask = reader.ask(body);
    ask.want().types().ifPresent(announcer::announce);
    List<LeasedTask> leased = polls.await(ask);
    return LeaseViews.Leases.of(leased);
  }

  @POST
  @Path("/complete")
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      operationId = "completeLeases",
      summary = "Complete many",
      description =
          "As completing one after the other, with one write. Each is answered by itself: one that"
              + " is refused takes no other with it.")
  @RequestBody(
      required = true,
      content = @Content(schema = @Schema(implementation = LeaseRequests.Completions.class)))
  @APIResponse(
      responseCode = "200",
      description = "An answer for each token, with its task or a problem",
      content = @Content(schema = @Schema(implementation = LeaseViews.Answers.class)))
  @ProblemResponses
  public LeaseViews.Answers completeAll(byte[] body, @Context UriInfo uri) {
    List<Completion> completions = reader.completions(body);
    List<Settled> settled = held.completeAll(completions);
    Map<UUID, Task> ended =
        tasks.tasks(settled.stream().map(Settled::task).flatMap(Optional::stream).toList());
    List<LeaseViews.Answer> answers = new ArrayList<>();
    for (Settled each : settled) {
      String token = completions.get(answers.size()).token();
      answers.add(answer(token, each, ended, uri.getRequestUri().getRawPath()));
    }
    return new LeaseViews.Answers(answers);
  }

  private static LeaseViews.Answer answer(
      String token, Settled settled, Map<UUID, Task> ended, String path) {
    return new LeaseViews.Answer(
        token,
        settled.task().map(ended::get).map(TaskView::of).orElse(null),
        settled.refusal().map(Problems::of).map(it -> it.withInstance(path)).orElse(null));
  }
}
