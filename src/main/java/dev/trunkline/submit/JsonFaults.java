package dev.trunkline.submit;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonMappingException.Reference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import dev.trunkline.task.Refusal;
import dev.trunkline.task.Refusal.Fault;
import dev.trunkline.task.RefusedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What is wrong with a JSON text, in words of the request and not of the program. */
public final class JsonFaults {

  private JsonFaults() {}

  /**
   * Passes a text without NUL characters, which PostgreSQL cannot store, and without halves of
   * surrogate pairs, which are no text at all.
   *
   * @throws dev.trunkline.task.RefusedException with a pointer to the first one, or because the
   *     text is not JSON at all
   */
  public static void refuse(ObjectMapper mapper, byte[] body) {
    try (JsonParser parser = StorableJson.parser(mapper, body)) {
      for (JsonToken token = parser.nextToken(); token != null; ) {
        token = parser.nextToken();
      }
    } catch (JsonProcessingException e) {
      throw refusal(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a text that Jackson could not read, or that cannot be stored, is refused with. */
  public static RefusedException refusal(JsonProcessingException exception) {
    return switch (exception.getCause()) {
      case RefusedException refused -> refused;
      // Met while a field was read, and not because of that field.
      case JsonParseException unreadable -> malformed(unreadable).exception();
      case StreamConstraintsException beyond -> malformed(beyond).exception();
      case null, default -> malformed(exception).exception();
    };
  }

  /** The refusal for a text that Jackson could not read. */
  public static Refusal malformed(JsonProcessingException exception) {
    return switch (exception) {
      case UnrecognizedPropertyException unknown ->
          malformed(pointer(unknown), unknownField(unknown));
      case MismatchedInputException mismatch ->
          malformed(pointer(mismatch), "must be " + wanted(mismatch.getTargetType()));
      case JsonMappingException mapping -> malformed(pointer(mapping), "cannot be read");
      case StreamConstraintsException _ ->
          malformed(
              "", "is nested too deeply, or holds a name, a number or a text that is too long");
      case JsonParseException twice when twice.getOriginalMessage().startsWith("Duplicate field") ->
          malformed("", "holds a field twice: " + place(exception));
      default -> malformed("", "is not JSON: " + place(exception));
    };
  }

  private static String unknownField(UnrecognizedPropertyException unknown) {
    List<String> known = unknown.getKnownPropertyIds().stream().map(Object::toString).toList();
    return Suggestion.unknown("field", unknown.getPropertyName(), known);
  }

  static Refusal malformed(String pointer, String detail) {
    return new Refusal.Malformed(List.of(new Fault(pointer, detail)));
  }

  private static String place(JsonProcessingException exception) {
    var location = exception.getLocation();
    return location == null
        ? "it cannot be read"
        : "line %d, column %d".formatted(location.getLineNr(), location.getColumnNr());
  }

  private static String wanted(Class<?> type) {
    if (type == null || type.isRecord()) {
      return "a JSON object";
    }
    return switch (type.getSimpleName().toLowerCase(Locale.ROOT)) {
      case "string" -> "a string";
      case "int", "integer", "long" -> "a whole number";
      case "double", "bigdecimal" -> "a number";
      case "boolean" -> "true or false";
      case "list", "arraylist" -> "an array";
      default -> "of another JSON type";
    };
  }

  private static String pointer(JsonMappingException exception) {
    return exception.getPath().stream().map(JsonFaults::step).collect(Collectors.joining());
  }

  private static String step(Reference reference) {
    String name = reference.getFieldName();
    return "/" + (name == null ? Integer.toString(reference.getIndex()) : escape(name));
  }

  /** A name as a step of a JSON Pointer (RFC 6901, 3). */
  static String escape(String name) {
    return name.replace("~", "~0").replace("/", "~1");
  }
}
