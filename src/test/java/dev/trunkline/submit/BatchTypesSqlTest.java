package dev.trunkline.submit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trunkline.database.CountedStatements;
import dev.trunkline.database.TestDatabase;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchTypesSqlTest {

  private static final TestDatabase DATABASE = TestDatabase.fresh();

  private final CountedStatements counted = new CountedStatements(DATABASE.dataSource());
  private final BatchTypes types = new BatchTypes(new AnnouncedTypes(counted.dataSource()));

  @Test
  void thousands_of_unknown_types_are_two_questions_and_known_ones_are_found_among_them() {
    for (String name : List.of("first", "second")) {
      DATABASE.update("insert into trunkline.task_type values (?, 'q', 5, 3, '90 s', now())", name);
    }

    assertThat(types.find("first")).isPresent();
    for (int i = 0; i < 5_000; i++) {
      assertThat(types.find("unknown-" + i)).isEmpty();
    }
    assertThat(types.find("second")).isPresent();
    assertThat(counted.count()).isEqualTo(3);
    for (int i = 0; i < 5_000; i++) {
      assertThat(types.namesAnd(List.of("noop"))).containsExactly("first", "noop", "second");
    }
    assertThat(counted.count()).isEqualTo(4);
  }
}
