package dev.trunkline.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trunkline.task.Refusal;
import java.util.AbstractList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SeveralProblemsTest {

  @Test
  void what_is_not_named_is_counted_without_a_guess_at_what_was_meant() {
    SortedMap<Integer, Refusal> refused = new TreeMap<>();
    for (int place = 0; place < 2_500; place++) {
      List<String> known = place < SeveralProblems.NAMED ? List.of("echo") : untouchable();
      refused.put(place, new Refusal.UnknownType("ecko", known));
    }

    Problem problem = SeveralProblems.of(refused);

    assertThat(problem.type()).isEqualTo("/problems/unknown-type");
    assertThat(problem.detail()).contains("2500 tasks", "the first 1000 of 2500 faults");
    assertThat(problem.errors()).hasSize(1_000);
    assertThat(problem.errors().getLast().pointer()).isEqualTo("/999/type");
    assertThat(problem.errors()).allMatch(fault -> fault.detail().contains("echo"));
  }

  private static List<String> untouchable() {
    return new AbstractList<>() {
      @Override
      public String get(int index) {
        throw new AssertionError("looked at");
      }

      @Override
      public int size() {
        return 1;
      }
    };
  }
}
