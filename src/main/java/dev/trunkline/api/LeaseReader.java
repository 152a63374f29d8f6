package dev.trunkline.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trunkline.api.LeaseRequests.Item;
import dev.trunkline.finish.ProgressReport;
import dev.trunkline.remote.Ask;
import dev.trunkline.remote.HeldLeases.Completion;
import dev.trunkline.remote.Want;
import dev.trunkline.task.HandlerRegistry;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads what workers send; the bounds stand in docs/api.md. */
@Singleton
class LeaseReader {

  private static final int NAMES = 100;
  private static final int MOST_ASKED = 1_000;
  private static final int MOST_ANSWERED = 100;
  private static final int COMPLETIONS = 500;
  private static final int MESSAGE_LENGTH = 1_000;
  private static final Duration SHORTEST_LEASE = Duration.ofSeconds(1);
  private static final Duration LONGEST_LEASE = Duration.ofHours(1);
  private static final Duration USUAL_LEASE = Duration.ofSeconds(60);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);
  private static final Duration LONGEST_DELAY = Duration.ofDays(3_660);
  private static final String USUAL_NAME = "http";
  private static final Pattern NAME = Pattern.compile("[!-~]{1,100}");
  private static final byte[] NOTHING = {'{', '}'};

  private final JsonBody bodies;
  private final HandlerRegistry handlers;

  LeaseReader(JsonBody bodies, HandlerRegistry handlers) {
    this.bodies = bodies;
    this.handlers = handlers;
  }

  /** A sign of life, without its token. */
  record Heartbeat(Optional<ProgressReport> progress, Optional<Duration> lease) {}

  /** A failure, without its token. */
  record Failure(String message, boolean again, Optional<Duration> delay) {}

  Ask ask(byte[] body) {
    LeaseRequests.Ask request = bodies.read(body, LeaseRequests.Ask.class);
    FieldReader fields = new FieldReader();
    int max = Optional.ofNullable(request.max()).orElse(1);
    fields.need(max >= 1 && max <= MOST_ASKED, "/max", "must be from 1 to " + MOST_ASKED);
    String worker = Optional.ofNullable(request.worker()).orElse(USUAL_NAME);
    fields.need(
        NAME.matcher(worker).matches(),
        "/worker",
        "must be 1 to 100 visible ASCII characters without spaces");
    Duration wait =
        fields
            .duration(request.patience(), "/wait", Duration.ZERO, LONGEST_DELAY)
            .orElse(Duration.ZERO);
    Ask ask =
        new Ask(
            want(request, fields),
            worker,
            Math.min(max, MOST_ANSWERED),
            lease(request.lease(), fields).orElse(USUAL_LEASE),
            wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait);
    fields.finish();
    return ask;
  }

  /** A body of no bytes says nothing more than that the worker lives. */
  Heartbeat heartbeat(byte[] body) {
    LeaseRequests.Heartbeat request =
        bodies.read(body.length == 0 ? NOTHING : body, LeaseRequests.Heartbeat.class);
    FieldReader fields = new FieldReader();
    Heartbeat heartbeat =
        new Heartbeat(
            Optional.ofNullable(request.progress()).map(it -> progress(it, fields)),
            lease(request.lease(), fields));
    fields.finish();
    return heartbeat;
  }

  /** The result as JSON text. */
  String result(byte[] body) {
    FieldReader fields = new FieldReader();
    String result = result(bodies.read(body, LeaseRequests.Complete.class).result(), "", fields);
    fields.finish();
    return result;
  }

  Failure failure(byte[] body) {
    LeaseRequests.Fail request = bodies.read(body, LeaseRequests.Fail.class);
    FieldReader fields = new FieldReader();
    boolean again = Optional.ofNullable(request.retry()).orElse(true);
    fields.need(
        again || request.delay() == null,
        "/delay",
        "cannot be given together with a retry of false: leave it out");
    Failure failure =
        new Failure(
            fields.required(request.message(), "/message").orElse(""),
            again,
            fields.duration(request.delay(), "/delay", Duration.ZERO, LONGEST_DELAY));
    fields.finish();
    return failure;
  }

  List<Completion> completions(byte[] body) {
    LeaseRequests.Completions request = bodies.read(body, LeaseRequests.Completions.class);
    FieldReader fields = new FieldReader();
    List<@Nullable Item> given =
        fields.required(request.completions(), "/completions").orElse(List.of());
    fields.need(
        request.completions() == null || (!given.isEmpty() && given.size() <= COMPLETIONS),
        "/completions",
        "must be 1 to " + COMPLETIONS);
    List<Completion> completions = new ArrayList<>();
    for (@Nullable Item completion : given) {
      completions.add(completion(completion, "/completions/" + completions.size(), fields));
    }
    fields.finish();
    return completions;
  }

  private static Completion completion(@Nullable Item given, String pointer, FieldReader fields) {
    if (given == null) {
      fields.need(false, pointer, "must be an object");
      return new Completion("", "null");
    }
    return new Completion(
        fields.required(given.token(), pointer + "/token").orElse(""),
        result(given.result(), pointer, fields));
  }

  private static String result(@Nullable JsonNode result, String pointer, FieldReader fields) {
    return fields.required(result, pointer + "/result").map(Object::toString).orElse("null");
  }

  private Want want(LeaseRequests.Ask request, FieldReader fields) {
    fields.need(
        request.types() != null || request.queues() != null,
        "/types",
        "is missing: name types or queues");
    fields.need(
        request.types() == null || request.queues() == null,
        "/queues",
        "cannot be given together with types: leave one of them out");
    return request.queues() == null
        ? new Want.Types(names(request.types(), "/types", handlers::isInternal, fields))
        : new Want.Queues(names(request.queues(), "/queues", handlers::isInternalQueue, fields));
  }

  private static List<String> names(
      @Nullable List<@Nullable String> given,
      String pointer,
      Predicate<String> internal,
      FieldReader fields) {
    List<String> names = given == null ? List.of() : fields.names(given, pointer, NAMES);
    for (int i = 0; i < names.size(); i++) {
      fields.need(!internal.test(names.get(i)), pointer + "/" + i, "is run by the service alone");
    }
    return names;
  }

  private static Optional<Duration> lease(@Nullable String text, FieldReader fields) {
    return fields.duration(text, "/lease", SHORTEST_LEASE, LONGEST_LEASE);
  }

  private static ProgressReport progress(LeaseRequests.Progress given, FieldReader fields) {
    int percent = fields.required(given.percent(), "/progress/percent").orElse(0);
    fields.need(percent >= 0 && percent <= 100, "/progress/percent", "must be from 0 to 100");
    String message = Optional.ofNullable(given.message()).orElse("");
    fields.need(
        message.length() <= MESSAGE_LENGTH,
        "/progress/message",
        "must be at most " + MESSAGE_LENGTH + " characters");
    return ProgressReport.of(percent, message);
  }
}
