package dev.trunkline.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.trunkline.database.GroupWriter;
import org.junit.jupiter.api.Test;

class ProblemsTest {

  @Test
  void what_comes_too_late_for_this_process_is_to_be_tried_again() {
    GroupWriter<Integer, Integer> writer = new GroupWriter<>("closed", 1, _ -> 0, items -> items);
    writer.close();

    assertThat(Problems.of(catchThrowable(() -> writer.submit(1))).status()).isEqualTo(503);
  }

  @Test
  void what_nobody_expects_is_a_fault_of_the_service() {
    assertThat(Problems.of(new IllegalStateException()).status()).isEqualTo(500);
  }
}
