package dev.trunkline.finish;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgressReportTest {

  @ParameterizedTest
  @CsvSource({"-2147483648, 0", "-1, 0", "0, 0", "1, 1", "99, 99", "100, 100", "101, 100"})
  void a_percentage_is_brought_to_the_nearer_bound(int given, int kept) {
    assertThat(ProgressReport.of(given, "").percent()).isEqualTo(kept);
  }

  @Test
  void a_message_keeps_a_thousand_characters() {
    assertThat(ProgressReport.of(1, "x".repeat(1_000)).message()).isEqualTo("x".repeat(1_000));
    assertThat(ProgressReport.of(1, "x".repeat(1_001)).message()).isEqualTo("x".repeat(1_000));
  }

  @Test
  void a_character_is_not_cut_in_two() {
    String message = ProgressReport.of(1, "x".repeat(999) + "\uD83D\uDE00").message();

    assertThat(message).isEqualTo("x".repeat(999));
  }

  @Test
  void what_postgresql_cannot_store_becomes_a_space() {
    assertThat(ProgressReport.of(1, "a\0b").message()).isEqualTo("a b");
  }

  @Test
  void no_message_is_an_empty_one() {
    assertThat(ProgressReport.of(1, null).message()).isEmpty();
  }

  @Property
  void every_report_is_within_the_bounds(@ForAll int percent, @ForAll String message) {
    ProgressReport report = ProgressReport.of(percent, message);

    assertThat(report.percent()).isBetween(0, 100);
    assertThat(report.message()).hasSizeLessThanOrEqualTo(1_000).doesNotContain("\0");
  }
}
