package dev.trunkline.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class ProblemsTest {

  @Test
  void what_comes_too_late_for_this_process_is_to_be_tried_again() {
    Throwable late = new RejectedExecutionException("shut down");

    assertThat(Problems.of(late).status()).isEqualTo(503);
    assertThat(Problems.of(new CompletionException(late)).status()).isEqualTo(503);
  }

  @Test
  void what_nobody_expects_is_a_fault_of_the_service() {
    assertThat(Problems.of(new IllegalStateException()).status()).isEqualTo(500);
  }
}
