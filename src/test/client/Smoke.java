import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.trunkline.client.ApiClient;
import dev.trunkline.client.ApiException;
import dev.trunkline.client.ApiResponse;
import dev.trunkline.client.api.LeasesApi;
import dev.trunkline.client.api.TasksApi;
import dev.trunkline.client.model.CompleteRequest;
import dev.trunkline.client.model.FailRequest;
import dev.trunkline.client.model.HeartbeatRequest;
import dev.trunkline.client.model.Lease;
import dev.trunkline.client.model.LeaseRequest;
import dev.trunkline.client.model.Problem;
import dev.trunkline.client.model.ProgressReport;
import dev.trunkline.client.model.RedriveRequest;
import dev.trunkline.client.model.SubmitRequest;
import dev.trunkline.client.model.Task;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Works with the generated client as anybody would, against a service that has the examples. */
public final class Smoke {

  private static final String REMOTE = "smoke.remote";

  private final ApiClient client = new ApiClient();
  private final TasksApi tasks;
  private final LeasesApi leases;

  private Smoke(String service) {
    client.updateBaseUri(service);
    this.tasks = new TasksApi(client);
    this.leases = new LeasesApi(client);
  }

  public static void run(String service) throws Exception {
    Smoke smoke = new Smoke(service);
    smoke.submitsAndWaits();
    smoke.cancelsAndRetries();
    smoke.leasesAndCompletes();
    smoke.submitsMany();
    smoke.readsProblems();
  }

  private void submitsAndWaits() throws ApiException {
    ApiResponse<Task> accepted =
        tasks.submitTaskWithHttpInfo(echo("hi").addTagsItem("smoke"), "\"smoke-1\"", null, null);
    assertThat(accepted.getStatusCode()).isEqualTo(202);
    String id = accepted.getData().getId().toString();
    assertThat(accepted.getHeaders().get("location")).containsExactly("/api/v1/tasks/" + id);
    assertThat(tasks.submitTask(echo("hi").addTagsItem("smoke"), "\"smoke-1\"", null, null).getId())
        .hasToString(id);

    Task ended = tasks.getTask(id, null, "wait=20");
    assertThat(ended.getState()).isEqualTo(Task.StateEnum.SUCCEEDED);
    assertThat(ended.getResult()).isEqualTo(Map.of("lines", List.of("hi")));
    assertThat(ended.getCreatedAt()).isBeforeOrEqualTo(ended.getFinishedAt());
    assertThat(ended.getError()).isNull();

    Task waited = tasks.submitTask(echo("ho"), null, "wait=20", null);
    assertThat(waited.getState()).isEqualTo(Task.StateEnum.SUCCEEDED);
    assertThat(tasks.listAttempts(id).getItems()).hasSize(1);
    assertThat(
            tasks.listTasks(null, null, null, 10, null, "succeeded", "smoke", "echo").getItems())
        .extracting(Task::getId)
        .contains(ended.getId());
  }

  private void cancelsAndRetries() throws ApiException {
    SubmitRequest later = echo("later").delay("PT1H").queue("smoke");
    String id = tasks.submitTask(later, null, null, null).getId().toString();
    assertThat(tasks.cancelTask(id).getState()).isEqualTo(Task.StateEnum.CANCELLED);
    // Queued, and perhaps run already.
    assertThat(tasks.retryTask(id).getState()).isNotEqualTo(Task.StateEnum.CANCELLED);
    assertThat(tasks.getTask(id, null, "wait=20").getState())
        .isEqualTo(Task.StateEnum.SUCCEEDED);
    tasks.deleteTask(id);
    assertThat(status(() -> tasks.getTask(id, null, null))).isEqualTo(404);
    RedriveRequest ofTheTag = new RedriveRequest().tag("smoke");
    assertThat(
            tasks.retryTasks(null, null, null, null, null, null, null, null, ofTheTag).getRetried())
        .isZero();
  }

  private void leasesAndCompletes() throws ApiException {
    LeaseRequest ask = new LeaseRequest().addTypesItem(REMOTE).max(1).wait("PT10S").lease("PT30S");
    assertThat(leases.leaseTasks(new LeaseRequest().addTypesItem(REMOTE)).getLeases()).isEmpty();
    SubmitRequest work = new SubmitRequest().type(REMOTE).payload(Map.of("a", 1));
    String id = tasks.submitTask(work, null, null, null).getId().toString();
    Lease lease = leases.leaseTasks(ask).getLeases().getFirst();
    assertThat(lease.getTask().getId()).hasToString(id);
    assertThat(lease.getTask().getPayload()).isEqualTo(Map.of("a", 1));
    HeartbeatRequest beat =
        new HeartbeatRequest().progress(new ProgressReport().percent(40).message("on it"));
    assertThat(leases.heartbeatLease(lease.getToken(), beat).getCancelRequested()).isFalse();
    leases.releaseLease(lease.getToken());

    lease = leases.leaseTasks(ask).getLeases().getFirst();
    FailRequest fail = new FailRequest().message("not yet").delay("PT0S");
    assertThat(leases.failLease(lease.getToken(), fail).getError().getMessage())
        .isEqualTo("not yet");

    String token = leases.leaseTasks(ask).getLeases().getFirst().getToken();
    CompleteRequest done = new CompleteRequest().result(Map.of("b", 2));
    Task ended = leases.completeLease(token, done);
    assertThat(ended.getState()).isEqualTo(Task.StateEnum.SUCCEEDED);
    assertThat(ended.getResult()).isEqualTo(Map.of("b", 2));
    assertThat(leases.completeLease(token, done)).isEqualTo(ended);
    assertThat(status(() -> leases.failLease(token, fail))).isEqualTo(409);
  }

  private void submitsMany() throws ApiException {
    var batch = tasks.submitTasks(List.of(echo("one"), echo("two")), null);
    assertThat(batch.getItems()).hasSize(2);
    assertThat(batch.getItems().getFirst().getPayload())
        .isEqualTo(Map.of("text", "one", "time", 1));
  }

  private void readsProblems() throws JsonProcessingException {
    ApiException refused =
        catchThrowableOfType(
            ApiException.class,
            () -> tasks.submitTask(echo("x".repeat(10_001)), null, null, null));
    assertThat(refused.getCode()).isEqualTo(422);
    Problem problem =
        client.getObjectMapper().readValue(refused.getResponseBody(), Problem.class);
    assertThat(problem.getType()).isEqualTo("/problems/validation-failed");
    assertThat(problem.getStatus()).isEqualTo(422);
    assertThat(problem.getErrors().getFirst().getPointer()).isEqualTo("/payload/text");
    assertThat(status(() -> tasks.getTask(UUID.randomUUID().toString(), null, null)))
        .isEqualTo(404);
  }

  private static SubmitRequest echo(String text) {
    return new SubmitRequest().type("echo").payload(Map.of("text", text, "time", 1));
  }

  private static int status(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    return catchThrowableOfType(ApiException.class, call).getCode();
  }
}
