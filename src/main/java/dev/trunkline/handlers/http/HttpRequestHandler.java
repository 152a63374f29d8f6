package dev.trunkline.handlers.http;

import dev.trunkline.outbound.OutboundClient;
import dev.trunkline.outbound.OutboundException;
import dev.trunkline.outbound.OutboundRequest;
import dev.trunkline.outbound.OutboundResponse;
import dev.trunkline.task.Outcome;
import dev.trunkline.task.TaskContext;
import dev.trunkline.task.TaskHandler;
import dev.trunkline.task.TaskType;
import jakarta.inject.Singleton;
import java.time.Duration;

/**
 * The handler of {@code http.request}: one request, whose answer is the result. What may pass is
 * tried again: I/O faults, 5xx, and 429 after the time that the host asks for. The host may take as
 * long as the attempt's timeout allows until it begins to answer, for slow hosts are what this type
 * is for; the body then has to come within {@code trunkline.outbound.timeout}.
 */
@Singleton
public class HttpRequestHandler implements TaskHandler<HttpRequest, HttpAnswer> {

  /** No attempt lasts longer, so that it is the attempt's timeout which ends the wait. */
  private static final Duration LONGEST_ATTEMPT = Duration.ofDays(8);

  private final OutboundClient client;
  private final AnswerReader answers;

  HttpRequestHandler(OutboundClient client, AnswerReader answers) {
    this.client = client;
    this.answers = answers;
  }

  @Override
  public TaskType<HttpRequest, HttpAnswer> type() {
    return TaskType.<HttpRequest, HttpAnswer>named(
            "http.request", HttpRequest.class, HttpAnswer.class)
        .withDescription("Makes an HTTP request and answers with what the host said.")
        .withQueue("http");
  }

  @Override
  public Outcome<HttpAnswer> handle(HttpRequest payload, TaskContext context)
      throws InterruptedException {
    Expected expected = payload.expected();
    try {
      OutboundResponse answer = client.send(request(payload, expected, context));
      return expected.contains(answer.status())
          ? Outcome.succeeded(answers.read(answer))
          : answer.fault(" instead of " + expected).outcome();
    } catch (OutboundException e) {
      return e.outcome();
    }
  }

  private static OutboundRequest request(
      HttpRequest payload, Expected expected, TaskContext context) {
    return new OutboundRequest(
            payload.method(),
            payload.url(),
            RequestHeaders.of(payload, context.taskId()),
            RequestBody.of(payload.body()).bytes(),
            !expected.wantsRedirects())
        .withPatience(LONGEST_ATTEMPT);
  }
}
