package dev.trunkline.api;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.trunkline.outbound.UrlGuard;
import dev.trunkline.submit.JsonFaults;
import dev.trunkline.submit.StorableJson;
import dev.trunkline.submit.Submission;
import dev.trunkline.task.Refusal;
import dev.trunkline.task.Refusal.Fault;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the body and the headers of a submission, and names everything that cannot be read. */
@Singleton
class SubmitReader {

  /** W3C Trace Context, 3.2: version, trace id, parent id, flags. */
  private static final Pattern TRACEPARENT =
      Pattern.compile(
          "(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}.*");

  private final ObjectMapper mapper;
  private final UrlGuard urls;

  SubmitReader(ObjectMapper mapper, UrlGuard urls) {
    this.mapper = mapper;
    this.urls = urls;
  }

  /**
   * The submission that a request asks for.
   *
   * @param idempotencyKey the lines of the header
   * @param traceparent the header, or null; one that is not well-formed is ignored, as its
   *     specification wants
   * @throws dev.trunkline.task.RefusedException where it is not one
   */
  Submission read(byte[] body, List<String> idempotencyKey, @Nullable String traceparent) {
    SubmitRequest request = parse(body);
    List<Fault> faults = new ArrayList<>();
    Submission submission =
        new Submission(
            orMissing(request.type(), "/type", faults).orElse(""),
            orMissing(request.payload(), "/payload", faults).orElse("null"),
            Optional.ofNullable(request.queue()),
            Optional.ofNullable(request.priority()),
            tags(request.tags(), faults),
            duration(request.delay(), "/delay", faults),
            time(request.runAt(), "/runAt", faults),
            Optional.ofNullable(request.maxAttempts()),
            duration(request.timeout(), "/timeout", faults),
            time(request.expiresAt(), "/expiresAt", faults),
            callback(request.callback(), faults),
            key(request.idempotencyKey(), IdempotencyHeader.read(idempotencyKey), faults),
            traceparent != null && TRACEPARENT.matcher(traceparent).matches() ? traceparent : null);
    if (!faults.isEmpty()) {
      throw new Refusal.Invalid(List.copyOf(faults)).exception();
    }
    return submission;
  }

  private SubmitRequest parse(byte[] body) {
    try (JsonParser parser = StorableJson.parser(mapper, body)) {
      SubmitRequest request = mapper.readValue(parser, SubmitRequest.class);
      if (request != null) {
        return request;
      }
    } catch (JsonProcessingException e) {
      throw JsonFaults.refusal(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    throw new Refusal.Malformed(List.of(new Fault("", "must be a JSON object"))).exception();
  }

  private static Optional<String> key(
      @Nullable String field, Optional<String> header, List<Fault> faults) {
    if (field == null) {
      return header;
    }
    if (field.isEmpty() || field.codePointCount(0, field.length()) > IdempotencyHeader.LONGEST) {
      faults.add(new Fault("/idempotencyKey", "must be 1 to 255 characters"));
    }
    if (header.isPresent() && !header.get().equals(field)) {
      faults.add(new Fault("/idempotencyKey", "is not the one in the header Idempotency-Key"));
    }
    return Optional.of(field);
  }

  private static <T> Optional<T> orMissing(@Nullable T value, String pointer, List<Fault> faults) {
    if (value == null) {
      faults.add(new Fault(pointer, "is missing"));
    }
    return Optional.ofNullable(value);
  }

  private static List<String> tags(@Nullable List<@Nullable String> tags, List<Fault> faults) {
    List<String> read = new ArrayList<>();
    for (@Nullable String tag : tags == null ? List.<@Nullable String>of() : tags) {
      orMissing(tag, "/tags/" + read.size(), faults);
      read.add(tag == null ? "" : tag);
    }
    return read;
  }

  /** One that can never be called is told of now, and not by a call that does not come. */
  private Optional<String> callback(SubmitRequest.@Nullable Callback callback, List<Fault> faults) {
    if (callback == null) {
      return Optional.empty();
    }
    Optional<String> url = orMissing(callback.url(), "/callback/url", faults);
    url.flatMap(urls::fault).ifPresent(reason -> faults.add(new Fault("/callback/url", reason)));
    return url;
  }

  private static Optional<Duration> duration(
      @Nullable String text, String pointer, List<Fault> faults) {
    return parsed(
        text, Duration::parse, pointer, "must be an ISO 8601 duration such as PT30S", faults);
  }

  private static Optional<Instant> time(@Nullable String text, String pointer, List<Fault> faults) {
    return parsed(
        text,
        given -> OffsetDateTime.parse(given).toInstant().truncatedTo(ChronoUnit.MICROS),
        pointer,
        "must be an RFC 3339 time such as 2030-01-31T12:00:00Z",
        faults);
  }

  private static <T> Optional<T> parsed(
      @Nullable String text,
      Function<String, T> parse,
      String pointer,
      String wanted,
      List<Fault> faults) {
    try {
      return Optional.ofNullable(text).map(parse);
    } catch (DateTimeException | ArithmeticException e) {
      faults.add(new Fault(pointer, wanted));
      return Optional.empty();
    }
  }
}
