package dev.trunkline.submit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trunkline.database.TestDatabase;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code trunkline.submit} got a parameter, and so became another function. */
class SubmitGrantsSqlTest {

  private final TestDatabase database = TestDatabase.fresh();

  @BeforeEach
  void makeRoles() {
    dropRoles();
    database.update("create role trunkline_caller");
    database.update("create role trunkline_stranger");
  }

  @AfterEach
  void dropRoles() {
    for (String role : new String[] {"trunkline_caller", "trunkline_stranger"}) {
      if (database.count("select count(*) from pg_roles where rolname = ?", role) == 1) {
        database.update("drop owned by " + role);
        database.update("drop role " + role);
      }
    }
  }

  @Test
  void whoever_might_call_the_function_before_may_call_the_new_one() {
    database.update("drop schema trunkline cascade");
    migrate("6");
    database.update("grant execute on function trunkline.submit to trunkline_caller");

    migrate("latest");

    assertThat(may("trunkline_caller")).isTrue();
    assertThat(may("trunkline_stranger")).isFalse();
    assertThat(
            database.count(
                "select count(*) from pg_proc p join pg_namespace n on n.oid = p.pronamespace"
                    + " where n.nspname = 'trunkline' and p.proname like 'submit%'"))
        .isEqualTo(1);
  }

  private boolean may(String role) {
    return database.value(
        Boolean.class,
        "select has_function_privilege(?, 'trunkline.submit'::regproc::oid, 'execute')",
        role);
  }

  private void migrate(String target) {
    Flyway.configure()
        .dataSource(database.dataSource())
        .defaultSchema("trunkline")
        .schemas("trunkline")
        .locations("classpath:db/migration")
        .target(target)
        .load()
        .migrate();
  }
}
