package dev.trunkline.handlers.noop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.trunkline.handlers.Recorder;
import dev.trunkline.task.Outcome;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NoopHandlerTest {

  @ParameterizedTest
  @ValueSource(strings = {"{\"a\":[1,2]}", "[]", "\"text\"", "12", "null"})
  void anything_comes_back_as_it_went_in(String json) throws Exception {
    JsonNode payload = new ObjectMapper().readTree(json);

    assertThat(new NoopHandler().handle(payload, new Recorder()))
        .isEqualTo(Outcome.succeeded(payload));
  }
}
