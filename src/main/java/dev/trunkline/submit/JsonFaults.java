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
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What is wrong with a JSON text, in words of the request and not of the program. */
public final class JsonFaults {

  /** Digits of one number, left or right of the point; far beyond a double's 308. */
  private static final int LONGEST_NUMBER = 1_000;

  /** Digits of all numbers of a text together. */
  private static final int DIGITS = 2_000_000;

  private JsonFaults() {}

  /**
   * Passes a text without NUL characters, which PostgreSQL cannot store, and without halves of
   * surrogate pairs, which are no text at all.
   *
   * @throws dev.trunkline.task.RefusedException with a pointer to the first one, or because the
   *     text is not JSON at all
   */
  public static void refuse(ObjectMapper mapper, byte[] body) {
    refuseUnlessUtf8(body);
    try (JsonParser parser = mapper.getFactory().createParser(body)) {
      long digits = 0;
      JsonToken token = parser.nextToken();
      if (token == null) {
        throw malformed("", "is empty; JSON is expected").exception();
      }
      for (; token != null; token = parser.nextToken()) {
        if (token.isNumeric()) {
          digits += digits(parser.getText());
        }
        if (digits > DIGITS) {
          String at = parser.getParsingContext().pathAsPointer().toString();
          throw new Refusal.Invalid(List.of(new Fault(at, "has too many digits written out")))
              .exception();
        }
        boolean text = token == JsonToken.VALUE_STRING || token == JsonToken.FIELD_NAME;
        if (text && !isStorable(parser.getText())) {
          String at = parser.getParsingContext().pathAsPointer().toString();
          throw malformed(at, "holds a NUL character or half a surrogate pair").exception();
        }
      }
    } catch (JsonProcessingException e) {
      throw malformed(e).exception();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Jackson reads UTF-16 and UTF-32 as well, JSON between systems is UTF-8 (RFC 8259, 8.1). In the
   * others one of the first two characters has a zero byte, which no JSON in UTF-8 has. A byte
   * order mark is passed over.
   */
  private static void refuseUnlessUtf8(byte[] body) {
    for (int i = 0; i < Math.min(body.length, 4); i++) {
      if (body[i] == 0) {
        throw malformed("", "is not JSON in UTF-8").exception();
      }
    }
  }

  /** As PostgreSQL writes it, without an exponent: 1e131071 is short here and long there. */
  private static long digits(String number) {
    if (number.length() > LONGEST_NUMBER) {
      return Integer.MAX_VALUE;
    }
    try {
      BigDecimal value = new BigDecimal(number);
      long scale = Math.abs((long) value.scale());
      return scale > LONGEST_NUMBER ? Integer.MAX_VALUE : value.precision() + scale;
    } catch (NumberFormatException e) {
      // An exponent beyond what an int holds.
      return Integer.MAX_VALUE;
    }
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

  private static Refusal malformed(String pointer, String detail) {
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

  private static boolean isStorable(String text) {
    return text.indexOf('\0') < 0
        && text.codePoints().noneMatch(point -> point >= 0xD800 && point <= 0xDFFF);
  }
}
