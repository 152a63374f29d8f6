package dev.trunkline.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.lang.reflect.Field;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StatementsSqlTest {

  private static final TestDatabase DATABASE = TestDatabase.fresh();
  private static final Pattern STATEMENT =
      Pattern.compile("(select|insert|update|delete|with)\\s.*", Pattern.DOTALL);
  private static final List<Named> ALL = find().toList();

  @ParameterizedTest
  @MethodSource("statements")
  void every_statement_is_one_that_postgresql_understands(Named statement) throws Exception {
    try (Connection connection = DATABASE.connect();
        PreparedStatement prepared = connection.prepareStatement(statement.sql())) {
      assertThatCode(() -> prepared.getParameterMetaData().getParameterCount())
          .doesNotThrowAnyException();
    }
  }

  @Test
  void all_of_them_are_found() {
    assertThat(statements().map(Named::name))
        .contains(
            "AttemptEndWriter.DISCARD_LEASES",
            "AttemptsSql.LIST",
            "ClaimSql.CLAIM",
            "ClaimSql.NEXT_DUE",
            "Expirer.EXPIRE",
            "HeldSql.ENDED",
            "HeldSql.HEARTBEAT",
            "HeldSql.TAKE",
            "ProgressWriter.REPORT",
            "QueuesSql.COUNT_ALL",
            "QueuesSql.LOOK",
            "RemoteClaimSql.CLAIM",
            "RemoteClaimSql.LOOK",
            "RemoteClaimSql.TELL",
            "RescueSql.DECLARE_DEAD",
            "RescueSql.FORGET_DEAD",
            "RescueSql.TAKE_EXPIRED",
            "RescueSql.TAKE_LEASES",
            "SetbackSql.FINISH",
            "SubmitAndClaimSql.INSERT_AND_CLAIM",
            "SubmitSql.FIND_BY_KEY",
            "SubmitSql.FIND_BY_KEYS",
            "SubmitSql.INSERT",
            "SubmitSql.INSERT_BY_KEY",
            "SuccessSql.FINISH",
            "WorkerSql.GOODBYE",
            "WorkerSql.HEARTBEAT",
            "WorkerSql.REGISTER");
  }

  static Stream<Named> statements() {
    return ALL.stream();
  }

  private static Stream<Named> find() {
    return new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.trunkline")
            .stream()
            .map(JavaClass::getFields)
            .flatMap(Set::stream)
            .filter(field -> field.getRawType().isEquivalentTo(String.class))
            .filter(field -> field.getModifiers().contains(JavaModifier.STATIC))
            .map(StatementsSqlTest::read)
            .filter(named -> STATEMENT.matcher(named.sql()).matches());
  }

  private static Named read(JavaField javaField) {
    try {
      Field field = javaField.reflect();
      field.setAccessible(true);
      return new Named(
          javaField.getOwner().getSimpleName() + "." + field.getName(),
          String.valueOf(field.get(null)));
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }

  /** A constant that holds SQL. */
  record Named(String name, String sql) {
    @Override
    public String toString() {
      return name;
    }
  }
}
