package dev.trunkline.handlers.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.trunkline.outbound.ContentType;
import dev.trunkline.outbound.OutboundResponse;
import dev.trunkline.submit.JsonFaults;
import dev.trunkline.task.RefusedException;
import io.vertx.core.MultiMap;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Makes a result of what a host answered. Whatever that is can be stored: the request was made, and
 * a task that then failed for its answer's sake would make it again.
 */
@Singleton
class AnswerReader {

  private static final Set<String> TEXT_TYPES =
      Set.of(
          "application/xml",
          "application/javascript",
          "application/graphql",
          "application/x-www-form-urlencoded",
          "application/yaml",
          "application/toml",
          "application/x-ndjson",
          "application/jsonl");

  /** They are about the connection, which is gone (RFC 9110, 7.6.1). */
  private static final Set<String> OF_THE_CONNECTION =
      Set.of(
          "connection",
          "keep-alive",
          "proxy-authenticate",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");

  private final ObjectMapper mapper;

  AnswerReader(ObjectMapper mapper) {
    this.mapper = mapper;
  }

  HttpAnswer read(OutboundResponse answer) {
    Map<String, String> headers = headers(answer.headers());
    if (answer.body().length() == 0) {
      return new HttpAnswer(answer.status(), headers, null, null);
    }
    return json(answer)
        .or(() -> text(answer).map(AnswerReader::storable))
        .map(body -> new HttpAnswer(answer.status(), headers, body, null))
        .orElseGet(() -> new HttpAnswer(answer.status(), headers, base64(answer), "base64"));
  }

  private static Map<String, String> headers(MultiMap all) {
    Map<String, String> headers = new TreeMap<>();
    for (Map.Entry<String, String> header : all) {
      String name = header.getKey().toLowerCase(Locale.ROOT);
      if (!OF_THE_CONNECTION.contains(name)) {
        String separator = name.equals("set-cookie") ? "\n" : ", ";
        headers.merge(
            withoutNul(name),
            withoutNul(header.getValue()),
            (one, other) -> one + separator + other);
      }
    }
    return headers;
  }

  /** Empty also for JSON that PostgreSQL cannot store, such as a text with a NUL in it. */
  private Optional<JsonNode> json(OutboundResponse answer) {
    if (!answer.contentType().isJson() || answer.unknownEncoding().isPresent()) {
      return Optional.empty();
    }
    try {
      byte[] bytes = answer.body().getBytes();
      JsonFaults.refuse(mapper, bytes);
      return Optional.of(mapper.readTree(bytes));
    } catch (RefusedException | IOException | UncheckedIOException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> text(OutboundResponse answer) {
    if (answer.unknownEncoding().isPresent()) {
      return Optional.empty();
    }
    ContentType content = answer.contentType();
    if (content.type().isEmpty()) {
      return isUtf8(answer.body().getBytes()) ? Optional.of(answer.text()) : Optional.empty();
    }
    boolean text =
        content.charset().isPresent()
            || content.isJson()
            || content.type().startsWith("text/")
            || content.type().endsWith("+xml")
            || content.type().endsWith("+yaml")
            || TEXT_TYPES.contains(content.type());
    return text ? Optional.of(answer.text()) : Optional.empty();
  }

  private static boolean isUtf8(byte[] bytes) {
    try {
      return !StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes))
          .toString()
          .contains("\0");
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  private static JsonNode base64(OutboundResponse answer) {
    return TextNode.valueOf(Base64.getEncoder().encodeToString(answer.body().getBytes()));
  }

  private static JsonNode storable(String text) {
    return TextNode.valueOf(withoutNul(text));
  }

  /** With the mark for an unreadable character where a NUL is, which PostgreSQL cannot store. */
  private static String withoutNul(String text) {
    return text.replace('\0', '\uFFFD');
  }
}
