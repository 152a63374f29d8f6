package dev.trunkline.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntityTagsTest {

  private static final String TAG = EntityTags.strong("abc-_1");

  @Test
  void a_tag_stands_in_quotes() {
    assertThat(TAG).isEqualTo("\"abc-_1\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"abc-_1\"",
        "W/\"abc-_1\"",
        "\"x\", \"abc-_1\"",
        "\"a,b\",W/\"abc-_1\" , \"y\"",
        "*",
        " * ",
      })
  void one_of_several_is_enough_weak_or_strong(String header) {
    assertThat(EntityTags.match(List.of(header), TAG)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\"abc\"",
        "\"ABC-_1\"",
        "abc-_1",
        "\"*\"",
        "\"x\", *",
        "\"abc-_1",
        "\"x, abc-_1\""
      })
  void another_one_does_not_do(String header) {
    assertThat(EntityTags.match(List.of(header), TAG)).isFalse();
  }

  @Test
  void the_header_may_come_several_times_or_not_at_all() {
    assertThat(EntityTags.match(List.of("\"x\"", TAG), TAG)).isTrue();
    assertThat(EntityTags.match(List.of(), TAG)).isFalse();
  }
}
