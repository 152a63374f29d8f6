package dev.trunkline.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PreferHeaderTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "wait=10 | 10",
        "Wait=10 | 10",
        "wait = 10 | 10",
        "wait=\"10\" | 10",
        "wait=0 | 0",
        "wait=007 | 7",
        "respond-async, wait=10 | 10",
        "wait=10,respond-async | 10",
        "return=minimal; foo=\"a, wait=5; b\", wait=7 | 7",
        "foo=\"a\\\"b, wait=5\", wait=7 | 7",
        "wait=3; foo=bar; baz | 3",
        "wait=1, wait=2 | 1",
        ", ,wait=4, | 4",
        "@@@, wait=4 | 4",
        "waiter=1, await=2, wait=3 | 3",
      })
  void of_all_preferences_it_is_wait_that_counts(String header, long seconds) {
    assertThat(PreferHeader.waiting(List.of(header))).contains(Duration.ofSeconds(seconds));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "respond-async",
        "wait",
        "wait=",
        "wait=\"\"",
        "wait=abc",
        "wait=-1",
        "wait=1.5",
        "wait=5s",
        "wait=1 2",
        "foo=\"wait=5",
        "foo=\", wait=5",
        "wait=\"5",
      })
  void what_is_not_well_formed_is_ignored(String header) {
    assertThat(PreferHeader.waiting(List.of(header))).isEmpty();
  }

  @Test
  void the_first_one_counts_also_where_it_is_of_no_use() {
    assertThat(PreferHeader.waiting(List.of("wait=soon, wait=5"))).isEmpty();
  }

  @Test
  void a_header_may_come_several_times_or_not_at_all() {
    assertThat(PreferHeader.waiting(List.of("respond-async", "wait=5")))
        .contains(Duration.ofSeconds(5));
    assertThat(PreferHeader.waiting(List.of())).isEmpty();
  }

  @Test
  void more_seconds_than_there_are_numbers_for_are_very_many() {
    assertThat(PreferHeader.waiting(List.of("wait=99999999999999999999")))
        .contains(Duration.ofSeconds(Integer.MAX_VALUE));
  }

  @Property
  void whatever_stands_beside_it_the_number_is_found(
      @ForAll @IntRange(min = 0) int seconds,
      @ForAll @CharRange(from = 'a', to = 'v') @StringLength(max = 20) String other) {
    assertThat(
            PreferHeader.waiting(List.of("x" + other + "=\"" + other + "\"; y, wait=" + seconds)))
        .contains(Duration.ofSeconds(seconds));
  }

  @Property(tries = 300)
  void nothing_makes_it_fail(
      @ForAll @Chars({'"', '\\', ',', ';', '=', ' ', 'w', '1'}) @StringLength(max = 8_000)
          String header) {
    assertThat(PreferHeader.waiting(List.of(header, "wait=" + header))).isNotNull();
  }
}
