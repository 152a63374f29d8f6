package dev.trunkline.handlers.chess;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnalyzePayloadTest {

  private static final Duration LONGEST = Duration.ofMinutes(5);

  private final ObjectMapper json =
      new ObjectMapper().setDefaultPropertyInclusion(JsonInclude.Include.NON_NULL);

  @Test
  void theNamesAreThoseOfTheContract() throws JsonProcessingException {
    assertThat(read("{'fen':'x','num_moves_to_return':3,'time_limit':1.5,'depth_limit':12}"))
        .isEqualTo(new AnalyzePayload("x", 3, 1.5, 12));
  }

  @Test
  void onlyThePositionIsNeeded() throws JsonProcessingException {
    AnalyzePayload payload = read("{'fen':'x'}");
    assertThat(payload.moves()).isEqualTo(1);
    assertThat(payload.limits(LONGEST)).isEqualTo(new SearchLimits(20, Duration.ofSeconds(30)));
  }

  @Test
  void eachLimitHoldsByItselfAndBothTogether() throws JsonProcessingException {
    assertThat(read("{'fen':'x','time_limit':2}").limits(LONGEST).go())
        .isEqualTo("go movetime 2000");
    assertThat(read("{'fen':'x','depth_limit':7}").limits(LONGEST).go())
        .isEqualTo("go movetime 300000 depth 7");
    assertThat(read("{'fen':'x','time_limit':0.25,'depth_limit':7}").limits(LONGEST).go())
        .isEqualTo("go movetime 250 depth 7");
  }

  @Test
  void theServiceLimitsTheDefaultAsWell() throws JsonProcessingException {
    assertThat(read("{'fen':'x'}").limits(Duration.ofSeconds(1)).time())
        .isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void onlyMoreTimeThanTheServiceGivesExceedsIt() throws JsonProcessingException {
    assertThat(read("{'fen':'x','time_limit':300}").exceeds(LONGEST)).isFalse();
    assertThat(read("{'fen':'x','time_limit':300.001}").exceeds(LONGEST)).isTrue();
    assertThat(read("{'fen':'x'}").exceeds(LONGEST)).isFalse();
  }

  @Test
  void theScoreThatIsNotThereIsWrittenAsNull() throws JsonProcessingException {
    assertThat(json.writeValueAsString(List.of(new Line(null, -2, List.of("c2c1", "e5e1")))))
        .isEqualTo("[{\"centipawn_score\":null,\"mate_score\":-2,\"pv\":[\"c2c1\",\"e5e1\"]}]");
    assertThat(json.writeValueAsString(new Line(0, null, List.of())))
        .isEqualTo("{\"centipawn_score\":0,\"mate_score\":null,\"pv\":[]}");
  }

  @Test
  void progressFollowsTheNearerLimit() {
    SearchLimits both = new SearchLimits(20, Duration.ofSeconds(10));
    assertThat(both.percent(10, Duration.ofSeconds(1))).isEqualTo(50);
    assertThat(both.percent(1, Duration.ofSeconds(8))).isEqualTo(80);
    assertThat(both.percent(25, Duration.ofSeconds(12))).isEqualTo(100);
    SearchLimits timeOnly = new SearchLimits(SearchLimits.ANY_DEPTH, Duration.ofSeconds(10));
    assertThat(timeOnly.percent(200, Duration.ofSeconds(1))).isEqualTo(10);
  }

  private AnalyzePayload read(String text) throws JsonProcessingException {
    return json.readValue(text.replace('\'', '"'), AnalyzePayload.class);
  }
}
