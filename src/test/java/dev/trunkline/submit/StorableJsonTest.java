package dev.trunkline.submit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import dev.trunkline.task.RefusedException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StorableJsonTest {

  private final ObjectMapper mapper =
      new ObjectMapper()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

  private record Body(
      @Nullable String name,
      @Nullable List<String> tags,
      @Nullable Body inner,
      @JsonDeserialize(using = StorableJson.Text.class) @Nullable String payload) {}

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "{ \"a\" : [ 1.50, -2e3, true, null, {\"b\":\"\\u00e4 \\\"]}\"} ] }",
        "[\"ä€😀\", \"\\ud83d\\ude00\",\n\t{}]",
        "{\"z\":1,\"a\":12345678901234567890.123456789012345678901234567890}"
      })
  void objects_and_arrays_are_taken_as_they_were_sent(String payload) throws IOException {
    assertThat(read("{\"payload\":" + payload + ",\"name\":\"x\"}"))
        .isEqualTo(new Body("x", null, null, payload));
    assertThat(read("  {\"name\" : \"é\" , \"payload\" : " + payload + " } "))
        .isEqualTo(new Body("é", null, null, payload));
    assertThat(read("\ufeff{\"payload\":" + payload + "}"))
        .isEqualTo(new Body(null, null, null, payload));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "-1.5", "\"a\\\"b\"", "true", "null"})
  void so_are_all_other_values(String payload) throws IOException {
    assertThat(read("{\"payload\":" + payload + "}").payload()).isEqualTo(payload);
  }

  @Test
  void what_is_missing_is_not_the_same_as_null() throws IOException {
    assertThat(read("{\"name\":\"x\"}").payload()).isNull();
  }

  @Test
  void what_jackson_understands_though_it_is_no_utf_8_is_not_lost() throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes("{\"payload\":[\"".getBytes(StandardCharsets.UTF_8));
    body.writeBytes(new byte[] {-0x3F, -0x7F});
    body.writeBytes("\"]}".getBytes(StandardCharsets.UTF_8));

    assertThat(read(body.toByteArray()).payload()).isEqualTo("[\"A\"]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"payload\":[{\"a\":\"\\u0000\"}]}",
        "{\"payload\":{\"\\u0000\":1}}",
        "{\"name\":\"\\ud83d\"}",
        "{\"tags\":[\"a\",\"\\u0000\"]}",
        "{\"inner\":{\"name\":\"\\u0000\"}}",
        "{\"payload\":[\"\\ude00\\ud83d\"]}",
        "{\"payload\":\"\\ud83d!\"}",
        "{\"payload\":1e1001}",
        "{\"payload\":[1e-2147483649]}",
        ""
      })
  void what_cannot_be_stored_is_refused_wherever_it_is(String body) {
    assertThatThrownBy(() -> read(body)).isInstanceOf(RefusedException.class);
  }

  @Test
  void numbers_have_no_more_digits_than_can_be_written_out_together() throws IOException {
    String long1000 = "9".repeat(1_000);
    assertThat(read("{\"payload\":[" + (long1000 + ",").repeat(1_999) + "1]}").payload())
        .hasSizeGreaterThan(2_000_000);
    assertThatThrownBy(() -> read("{\"payload\":[" + (long1000 + ",").repeat(2_000) + "1]}"))
        .isInstanceOf(RefusedException.class)
        .extracting(it -> ((RefusedException) it).refusal().toString())
        .asString()
        .contains("/payload/2000");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "1 2",
        "{} x",
        "[1,]",
        "{\"a\":1,\"a\":2}",
        "{\"\\u0000\":1}",
        "[\"\\u0000\"]",
        "\"\\ud83d\"",
        "\"\\ud83d!\"",
        "\"\ud83d\"",
        "\"\ude00\ud83d\"",
        "\ufeff1",
        "1e1001",
        "[1e-2147483649]"
      })
  void a_text_that_is_not_one_storable_value_is_none(String text) {
    assertThat(StorableJson.isValue(strict(), text)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        " [ 1.50, -2e3, true, null, {\"b\":\"\\u00e4 \\\"]}\"} ] ",
        "\"\"",
        "{\"\":\"\"}",
        "[\"😀\", \"\\ud83d\\ude00\"]",
        "12345678901234567890"
      })
  void any_other_text_is_one(String text) {
    assertThat(StorableJson.isValue(strict(), text)).isTrue();
  }

  /** Jackson reads long texts in parts of some thousand characters. */
  @ParameterizedTest
  @ValueSource(strings = {"{\"name😀\":1}", "1234567890.5", "\"some 😀 text\""})
  void wherever_in_a_long_text_a_value_lies_it_is_looked_at(String value) {
    for (int before = 3_900; before < 4_100; before++) {
      String text = "[" + " ".repeat(40_000 - before) + value + ",";
      assertThat(StorableJson.isValue(strict(), text + "1]")).isTrue();
      assertThat(StorableJson.isValue(strict(), text + "\"\\u0000\"]")).isFalse();
    }
    String long1000 = "9".repeat(1_000);
    assertThat(StorableJson.isValue(strict(), "[" + (long1000 + ",").repeat(1_999) + "1]"))
        .isTrue();
    assertThat(StorableJson.isValue(strict(), "[" + (long1000 + ",").repeat(2_000) + "1]"))
        .isFalse();
  }

  private ObjectMapper strict() {
    return mapper.enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
  }

  private Body read(String body) throws IOException {
    return read(body.getBytes(StandardCharsets.UTF_8));
  }

  private Body read(byte[] body) throws IOException {
    try (JsonParser parser = StorableJson.parser(mapper, body)) {
      return mapper.readValue(parser, Body.class);
    } catch (JsonProcessingException e) {
      throw JsonFaults.refusal(e);
    }
  }
}
