package dev.trunkline.submit;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import dev.trunkline.task.Refusal;
import dev.trunkline.task.Refusal.Fault;
import dev.trunkline.task.RefusedException;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON, and looks meanwhile whether PostgreSQL can store it: whatever reads from it throws a
 * {@link dev.trunkline.task.RefusedException} where it cannot.
 */
public final class StorableJson extends JsonParserDelegate {

  /** Digits of one number, left or right of the point; far beyond a double's 308. */
  private static final int LONGEST_NUMBER = 1_000;

  /** Digits of all numbers of a text together. */
  private static final int DIGITS = 2_000_000;

  /** Digits that fit whatever they are. */
  private static final int SHORT = 18;

  private static final char REPLACEMENT = '\uFFFD';

  /** Of a text that is there as characters. */
  private static final byte[] NO_BYTES = {};

  private final ObjectMapper mapper;
  private final byte[] body;
  private long digits;
  private boolean begun;

  private StorableJson(ObjectMapper mapper, JsonParser parser, byte[] body) {
    super(parser);
    this.mapper = mapper;
    this.body = body;
    delegate.setCodec(mapper);
  }

  /**
   * Begins to read a text in UTF-8.
   *
   * @throws dev.trunkline.task.RefusedException where it is in another encoding
   */
  public static JsonParser parser(ObjectMapper mapper, byte[] body) throws IOException {
    refuseUnlessUtf8(body);
    return new StorableJson(mapper, mapper.getFactory().createParser(body), body);
  }

  /** Whether a text is one value that can be stored. Nothing is made of it. */
  static boolean isValue(ObjectMapper mapper, String text) {
    try (JsonParser parser =
        new StorableJson(mapper, mapper.getFactory().createParser(text), NO_BYTES)) {
      parser.nextToken();
      parser.skipChildren();
      return parser.nextToken() == null;
    } catch (IOException | RefusedException e) {
      return false;
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
        throw JsonFaults.malformed("", "is not JSON in UTF-8").exception();
      }
    }
  }

  @Override
  public @Nullable JsonToken nextToken() throws IOException {
    JsonToken token = delegate.nextToken();
    if (token == null && !begun) {
      throw JsonFaults.malformed("", "is empty; JSON is expected").exception();
    }
    begun = true;
    if (token == JsonToken.VALUE_STRING || token == JsonToken.FIELD_NAME) {
      checkText();
    } else if (token != null && token.isNumeric()) {
      count();
    }
    return token;
  }

  @Override
  public @Nullable JsonToken nextValue() throws IOException {
    JsonToken token = nextToken();
    return token == JsonToken.FIELD_NAME ? nextToken() : token;
  }

  @Override
  public JsonParser skipChildren() throws IOException {
    int open = delegate.currentToken() != null && delegate.currentToken().isStructStart() ? 1 : 0;
    while (open > 0) {
      JsonToken token = nextToken();
      if (token == null) {
        return this;
      }
      open += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
    }
    return this;
  }

  /** Whether {@link #raw} has bytes to take from. */
  private boolean isOfBytes() {
    return body.length > 0;
  }

  /** The object or array that begins here, as it was sent. */
  private String raw() throws IOException {
    int from = (int) delegate.currentTokenLocation().getByteOffset();
    skipChildren();
    int to = (int) delegate.currentLocation().getByteOffset();
    String raw = new String(body, from, to - from, StandardCharsets.UTF_8);
    // Jackson understands what is not quite UTF-8, such as characters in more bytes than they need.
    return raw.indexOf(REPLACEMENT) < 0 ? raw : mapper.readTree(body, from, to - from).toString();
  }

  private void checkText() throws IOException {
    int from = delegate.getTextOffset();
    if (!isStorable(delegate.getTextCharacters(), from, from + delegate.getTextLength())) {
      throw JsonFaults.malformed(place(), "holds a NUL character or half a surrogate pair")
          .exception();
    }
  }

  private void count() throws IOException {
    int length = delegate.getTextLength();
    digits += isShort(length) ? length : digitsOf(delegate.getText());
    if (digits > DIGITS) {
      throw new Refusal.Invalid(List.of(new Fault(place(), "has too many digits written out")))
          .exception();
    }
  }

  private boolean isShort(int length) {
    return length <= SHORT && delegate.currentToken() == JsonToken.VALUE_NUMBER_INT;
  }

  private String place() {
    return delegate.getParsingContext().pathAsPointer().toString();
  }

  /** As PostgreSQL writes it, without an exponent: 1e131071 is short here and long there. */
  private static long digitsOf(String number) {
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

  private static boolean isStorable(char[] text, int from, int to) {
    for (int i = from; i < to; i++) {
      char c = text[i];
      if (c == 0) {
        return false;
      }
      if (Character.isSurrogate(c)) {
        if (i + 1 == to || !Character.isSurrogatePair(c, text[i + 1])) {
          return false;
        }
        i++;
      }
    }
    return true;
  }

  /** Takes a value as its JSON text: what was sent, where that can be had, and {@code null} too. */
  public static final class Text extends StdDeserializer<String> {

    private static final long serialVersionUID = 1;

    public Text() {
      super(String.class);
    }

    @Override
    public String deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      return parser instanceof StorableJson storable
              && storable.isOfBytes()
              && parser.currentToken().isStructStart()
          ? storable.raw()
          : context.readTree(parser).toString();
    }

    @Override
    public String getNullValue(DeserializationContext context) {
      return "null";
    }

    @Override
    public @Nullable Object getAbsentValue(DeserializationContext context) {
      return null;
    }
  }
}
