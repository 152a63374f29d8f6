package dev.trunkline.handlers.callback;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.trunkline.callback.Deliveries.Due;
import dev.trunkline.callback.Secrets;
import dev.trunkline.callback.Signature;
import dev.trunkline.config.TrunklineConfig;
import dev.trunkline.inspect.TaskView;
import dev.trunkline.outbound.OutboundRequest;
import dev.trunkline.outbound.RequestRules;
import dev.trunkline.task.Task;
import dev.trunkline.task.TraceContext;
import io.vertx.core.buffer.Buffer;
import jakarta.inject.Singleton;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Puts a task into a request that its receiver can check (Standard Webhooks 1.0.0). */
@Singleton
class Envelope {

  private final Secrets secrets;
  private final ObjectMapper mapper;
  private final Duration timeout;

  Envelope(Secrets secrets, ObjectMapper mapper, TrunklineConfig config) {
    this.secrets = secrets;
    this.mapper = mapper;
    this.timeout = config.callback().timeout();
  }

  /**
   * The request. A redirect is not followed, since it is the client's to say where it wants to be
   * called; and of the answer only the status counts.
   */
  OutboundRequest of(Task task, Due due, String url) {
    byte[] body = json(task);
    return new OutboundRequest("POST", url, headers(task, due, body), Buffer.buffer(body), false)
        .withPatience(timeout)
        .withoutAnswersBody();
  }

  /** The one place where the headers of callbacks are made. */
  private Map<String, String> headers(Task task, Due due, byte[] body) {
    String id = due.delivery().webhookId();
    Map<String, String> headers = new HashMap<>();
    headers.put("Content-Type", "application/json");
    headers.put("webhook-id", id);
    headers.put("webhook-timestamp", Long.toString(due.unixTime()));
    headers.put("webhook-signature", Signature.of(secrets.active(), id, due.unixTime(), body));
    if (task.traceparent != null
        && TraceContext.traceparent().isEmpty()
        && RequestRules.valueFault(task.traceparent).isEmpty()) {
      // Nothing is traced here, so the submitter's trace goes on as it came, if it can: the text of
      // a later version may have anything at its end, and is no reason to deliver nothing.
      headers.put("traceparent", task.traceparent);
    }
    return headers;
  }

  private byte[] json(Task task) {
    try {
      return mapper.writeValueAsBytes(TaskView.of(task));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("a task can be written as JSON", e);
    }
  }
}
