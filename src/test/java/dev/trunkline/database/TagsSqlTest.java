package dev.trunkline.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class TagsSqlTest {

  private static final TestDatabase DATABASE = TestDatabase.fresh();
  private static final String SUBMIT =
      "select trunkline.submit(type => 'test', payload => '1', tags => string_to_array(?, ' '))";

  TagsSqlTest() {
    DATABASE.update(
        """
        insert into trunkline.task_type values ('test', 'default', 5, 3, '1 minute', now())
        on conflict do nothing
        """);
  }

  @Test
  void the_tags_of_a_stored_task_are_listed_each_once() {
    UUID task = DATABASE.value(UUID.class, SUBMIT, "red blue red");

    assertThat(tags(task)).containsExactly("blue", "red");
  }

  @Test
  void those_of_a_deleted_one_are_not_and_those_of_others_stay() {
    UUID deleted = DATABASE.value(UUID.class, SUBMIT, "red blue");
    UUID kept = DATABASE.value(UUID.class, SUBMIT, "red");

    DATABASE.update("delete from trunkline.task where id = ?", deleted);

    assertThat(tags(deleted)).isEmpty();
    assertThat(tags(kept)).containsExactly("red");
  }

  private static List<String> tags(UUID task) {
    return DATABASE.column(
        String.class, "select tag from trunkline.task_tag where task_id = ? order by tag", task);
  }
}
