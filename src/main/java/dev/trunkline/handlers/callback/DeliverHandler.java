package dev.trunkline.handlers.callback;

import dev.trunkline.callback.Deliveries;
import dev.trunkline.callback.Deliveries.Due;
import dev.trunkline.config.TrunklineConfig;
import dev.trunkline.inspect.TaskReader;
import dev.trunkline.outbound.OutboundClient;
import dev.trunkline.outbound.OutboundException;
import dev.trunkline.outbound.OutboundRequest;
import dev.trunkline.outbound.OutboundResponse;
import dev.trunkline.outbound.OutboundUrl;
import dev.trunkline.task.Outcome;
import dev.trunkline.task.RefusedException;
import dev.trunkline.task.RetryPolicy;
import dev.trunkline.task.Task;
import dev.trunkline.task.TaskContext;
import dev.trunkline.task.TaskHandler;
import dev.trunkline.task.TaskType;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * The handler of {@code callback.deliver}: posts a task to the URL of its callback, as it stands in
 * the final state that the delivery was made for. 2xx means delivered, 410 that the receiver wants
 * no more; whatever else it says or does not say, it is tried again, thirty times in about three
 * days. A task that was retried or deleted in the meantime is not told of: what the receiver would
 * hear is not true any more.
 */
@Singleton
public class DeliverHandler implements TaskHandler<DeliverPayload, Delivered> {

  private static final int GONE = 410;

  /** Up to this attempt a receiver may want the next one sooner than usual. */
  private static final int AS_SOON_AS_WANTED = 10;

  static final TaskType<DeliverPayload, Delivered> TYPE =
      TaskType.<DeliverPayload, Delivered>named(
              "callback.deliver", DeliverPayload.class, Delivered.class)
          .withDescription("Tells the receiver of a callback that a task is final.")
          .withQueue("callbacks")
          .withMaxAttempts(30)
          .withTimeout(Duration.ofMinutes(2))
          .withRetry(new RetryPolicy(Duration.ofSeconds(5), Duration.ofHours(8)))
          .asInternal();

  private final Deliveries deliveries;
  private final TaskReader tasks;
  private final Envelope envelope;
  private final OutboundClient client;
  private final Receivers receivers;
  private final MeterRegistry meters;

  @Inject
  DeliverHandler(
      Deliveries deliveries,
      TaskReader tasks,
      Envelope envelope,
      OutboundClient client,
      MeterRegistry meters,
      TrunklineConfig config) {
    this.deliveries = deliveries;
    this.tasks = tasks;
    this.envelope = envelope;
    this.client = client;
    this.meters = meters;
    this.receivers =
        new Receivers(
            config.callback().perReceiver(), System::nanoTime, RandomGenerator.getDefault());
  }

  @Override
  public TaskType<DeliverPayload, Delivered> type() {
    return TYPE;
  }

  @Override
  public Outcome<Delivered> handle(DeliverPayload payload, TaskContext context)
      throws InterruptedException {
    Outcome<Delivered> outcome = visit(payload, context);
    meters.counter("trunkline.callbacks", "outcome", word(outcome)).increment();
    return outcome;
  }

  private Outcome<Delivered> visit(DeliverPayload payload, TaskContext context)
      throws InterruptedException {
    String receiver;
    try {
      receiver = OutboundUrl.parse(payload.url()).authority();
    } catch (OutboundException e) {
      return e.outcome();
    }
    return receivers.visit(receiver, context.attempt(), () -> deliver(payload, context));
  }

  private Outcome<Delivered> deliver(DeliverPayload payload, TaskContext context)
      throws InterruptedException {
    Optional<Due> due = deliveries.find(context.taskId());
    if (due.isEmpty()) {
      return Outcome.giveUp("the service has not made this task to deliver anything");
    }
    Task task;
    try {
      task = tasks.task(due.get().delivery().taskId().toString());
    } catch (RefusedException e) {
      return Outcome.giveUp("the task was deleted before its callback was delivered");
    }
    return due.get().delivery().finishedAt().equals(task.finishedAt)
        ? send(envelope.of(task, due.get(), payload.url()), context.attempt())
        : Outcome.giveUp("the task was retried before its callback was delivered");
  }

  private Outcome<Delivered> send(OutboundRequest request, int attempt)
      throws InterruptedException {
    try {
      return outcome(client.send(request), attempt);
    } catch (OutboundException e) {
      return e.outcome();
    }
  }

  private static Outcome<Delivered> outcome(OutboundResponse answer, int attempt) {
    int status = answer.status();
    if (status >= 200 && status < 300) {
      return Outcome.succeeded(new Delivered(status));
    }
    return status == GONE
        ? Outcome.giveUp("the receiver answered with status 410: it wants no more callbacks")
        : new Outcome.RetryLater<>(
            "the receiver answered with status " + status, delay(answer.retryAfter(), attempt));
  }

  /**
   * Until the next attempt, where it is not the usual backoff. A receiver that wants it sooner each
   * time would have used up all attempts in minutes, so the later ones wait the longer of the two.
   */
  static Optional<Duration> delay(Optional<Duration> wanted, int attempt) {
    Duration usual = TYPE.retry().delayAfter(attempt, RandomGenerator.getDefault());
    return wanted.map(
        wait -> attempt > AS_SOON_AS_WANTED && usual.compareTo(wait) > 0 ? usual : wait);
  }

  private static String word(Outcome<Delivered> outcome) {
    return switch (outcome) {
      case Outcome.Succeeded<Delivered> _ -> "delivered";
      case Outcome.RetryLater<Delivered> _ -> "failed";
      case Outcome.GiveUp<Delivered> _ -> "given-up";
      case Outcome.Snooze<Delivered> _ -> "turned-away";
    };
  }
}
