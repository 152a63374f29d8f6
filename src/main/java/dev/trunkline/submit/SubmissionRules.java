package dev.trunkline.submit;

import dev.trunkline.outbound.OutboundUrl;
import dev.trunkline.task.Refusal;
import dev.trunkline.task.Refusal.Fault;
import dev.trunkline.task.TaskType;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The bounds of everything in a submission but its payload; they stand in docs/api.md. */
final class SubmissionRules {

  static final int TAGS = 20;
  static final int TAG_LENGTH = 100;
  static final int MAX_ATTEMPTS = 1_000;
  static final Duration LONGEST_TIMEOUT = Duration.ofDays(7);
  static final Duration LONGEST_DELAY = Duration.ofDays(3_660);

  private static final Instant EARLIEST = Instant.EPOCH;
  private static final Instant LATEST = Instant.parse("9999-12-31T00:00:00Z");

  private final List<Fault> faults = new ArrayList<>();

  /**
   * Looks at the whole submission.
   *
   * @throws dev.trunkline.task.RefusedException naming every fault, where there is one
   */
  static void check(Submission submission) {
    SubmissionRules rules = new SubmissionRules();
    rules.lookAtPlace(submission);
    rules.lookAtTags(submission.tags());
    rules.lookAtTimes(submission);
    rules.lookAtAttempts(submission);
    rules.lookAtCallback(submission);
    if (!rules.faults.isEmpty()) {
      throw new Refusal.Invalid(List.copyOf(rules.faults)).exception();
    }
  }

  private void lookAtPlace(Submission submission) {
    submission
        .queue()
        .ifPresent(
            queue ->
                need(
                    TaskType.NAME.matcher(queue).matches(),
                    "/queue",
                    "must be 1 to 100 lower-case letters, digits, '.', '_' or '-', and start with a"
                        + " letter or a digit"));
    submission
        .priority()
        .ifPresent(
            priority ->
                need(priority >= 0 && priority <= 9, "/priority", "must be from 0 (first) to 9"));
  }

  private void lookAtTags(List<String> tags) {
    need(tags.size() <= TAGS, "/tags", "must be at most " + TAGS + " tags");
    for (int i = 0; i < tags.size(); i++) {
      int length = tags.get(i).length();
      need(
          length >= 1 && length <= TAG_LENGTH,
          "/tags/" + i,
          "must be 1 to " + TAG_LENGTH + " characters");
    }
  }

  private void lookAtTimes(Submission submission) {
    need(
        submission.delay().isEmpty() || submission.runAt().isEmpty(),
        "/runAt",
        "cannot be given together with delay: leave one of them out");
    needDate(submission.runAt(), "/runAt");
    needDate(submission.expiresAt(), "/expiresAt");
    submission
        .delay()
        .ifPresent(
            delay ->
                need(
                    !delay.isNegative() && delay.compareTo(LONGEST_DELAY) <= 0,
                    "/delay",
                    "must be from PT0S to " + LONGEST_DELAY));
    submission
        .expiresAt()
        .ifPresent(
            end ->
                need(
                    submission.runAt().map(end::isAfter).orElse(true),
                    "/expiresAt",
                    "must be after runAt"));
  }

  private void needDate(Optional<Instant> time, String pointer) {
    time.ifPresent(
        at ->
            need(
                !at.isBefore(EARLIEST) && at.isBefore(LATEST),
                pointer,
                "must be from the year 1970 to the year 9999"));
  }

  private void lookAtAttempts(Submission submission) {
    submission
        .maxAttempts()
        .ifPresent(
            attempts ->
                need(
                    attempts >= 1 && attempts <= MAX_ATTEMPTS,
                    "/maxAttempts",
                    "must be from 1 to " + MAX_ATTEMPTS));
    submission
        .timeout()
        .ifPresent(
            timeout ->
                need(
                    timeout.compareTo(Duration.ofMillis(1)) >= 0
                        && timeout.compareTo(LONGEST_TIMEOUT) <= 0,
                    "/timeout",
                    "must be from PT0.001S to " + LONGEST_TIMEOUT));
  }

  private void lookAtCallback(Submission submission) {
    submission
        .callback()
        .flatMap(OutboundUrl::fault)
        .ifPresent(fault -> faults.add(new Fault("/callback/url", fault)));
  }

  private void need(boolean holds, String pointer, String detail) {
    if (!holds) {
      faults.add(new Fault(pointer, detail));
    }
  }
}
