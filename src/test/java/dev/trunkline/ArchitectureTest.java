package dev.trunkline;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaConstructorCall;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.Architectures;
import dev.trunkline.task.TaskContext;
import dev.trunkline.task.TaskHandler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Calendar;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

@AnalyzeClasses(packages = "dev.trunkline", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  private static final Path SOURCES = Path.of("src/main/java");
  private static final int LINES_AT_MOST = 300;

  /** A room may use those that are named, and itself. */
  @ArchTest
  static final ArchRule the_arrows_between_the_rooms =
      Architectures.layeredArchitecture()
          .consideringOnlyDependenciesInAnyPackage("dev.trunkline..")
          .layer("task")
          .definedBy("dev.trunkline.task..")
          .layer("config")
          .definedBy("dev.trunkline.config..")
          .layer("database")
          .definedBy("dev.trunkline.database..")
          .layer("submit")
          .definedBy("dev.trunkline.submit..")
          .layer("claim")
          .definedBy("dev.trunkline.claim..")
          .layer("execute")
          .definedBy("dev.trunkline.execute..")
          .layer("finish")
          .definedBy("dev.trunkline.finish..")
          .layer("remote")
          .definedBy("dev.trunkline.remote..")
          .layer("inspect")
          .definedBy("dev.trunkline.inspect..")
          .layer("maintain")
          .definedBy("dev.trunkline.maintain..")
          .layer("api")
          .definedBy("dev.trunkline.api..")
          .layer("security")
          .definedBy("dev.trunkline.security..")
          .layer("callback")
          .definedBy("dev.trunkline.callback..")
          .layer("outbound")
          .definedBy("dev.trunkline.outbound..")
          .layer("handlers")
          .definedBy("dev.trunkline.handlers..")
          .whereLayer("task")
          .mayNotAccessAnyLayer()
          .whereLayer("config")
          .mayNotAccessAnyLayer()
          .whereLayer("database")
          .mayOnlyAccessLayers("config")
          .whereLayer("submit")
          .mayOnlyAccessLayers("claim", "outbound", "task", "database")
          .whereLayer("finish")
          .mayOnlyAccessLayers("inspect", "task", "database")
          .whereLayer("inspect")
          .mayOnlyAccessLayers("task", "database")
          .whereLayer("execute")
          .mayOnlyAccessLayers("finish", "task", "config", "database")
          .whereLayer("claim")
          .mayOnlyAccessLayers("execute", "task", "config", "database")
          .whereLayer("maintain")
          .mayOnlyAccessLayers(
              "claim", "execute", "finish", "inspect", "task", "config", "database")
          .whereLayer("remote")
          .mayOnlyAccessLayers("claim", "finish", "task", "config", "database")
          .whereLayer("api")
          .mayOnlyAccessLayers(
              "security",
              "submit",
              "claim",
              "remote",
              "finish",
              "inspect",
              "callback",
              "outbound",
              "task",
              "config",
              "database")
          .whereLayer("handlers")
          .mayOnlyAccessLayers(
              "security", "task", "submit", "inspect", "callback", "outbound", "config")
          .whereLayer("security")
          .mayOnlyAccessLayers("config")
          .whereLayer("callback")
          .mayOnlyAccessLayers("task", "config", "database")
          .whereLayer("outbound")
          .mayOnlyAccessLayers("task", "config")
          .whereLayer("api")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("handlers")
          .mayNotBeAccessedByAnyLayer();

  @ArchTest
  static final ArchRule every_class_is_in_a_room =
      classes()
          .should()
          .resideInAnyPackage(
              "dev.trunkline",
              "dev.trunkline.task",
              "dev.trunkline.config",
              "dev.trunkline.database",
              "dev.trunkline.submit",
              "dev.trunkline.claim",
              "dev.trunkline.execute",
              "dev.trunkline.finish",
              "dev.trunkline.inspect",
              "dev.trunkline.maintain",
              "dev.trunkline.remote",
              "dev.trunkline.security",
              "dev.trunkline.callback",
              "dev.trunkline.outbound",
              "dev.trunkline.api",
              "dev.trunkline.handlers..");

  /** A single one would have Quarkus put its own check in the place of {@code SettingsCheck}. */
  @ArchTest
  static final ArchRule settings_have_no_constraints_of_bean_validation =
      noClasses()
          .that()
          .resideInAPackage("dev.trunkline.config")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("jakarta.validation..", "org.hibernate.validator..");

  @ArchTest
  static final ArchRule one_task_type_does_not_use_another =
      slices().matching("dev.trunkline.handlers.(*)..").should().notDependOnEachOther();

  @ArchTest
  static final ArchRule no_package_is_a_drawer =
      noClasses()
          .should()
          .resideInAnyPackage(
              "..util..", "..utils..", "..common..", "..commons..", "..impl..", "..helper..");

  /** So that there is none without a status, a title and a page. */
  @ArchTest
  static final ArchRule problems_are_made_of_their_kinds =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName("dev.trunkline.api.Problem")
          .should()
          .callConstructorWhere(describe("of a problem", ArchitectureTest::makesAProblem));

  /**
   * The database's clock decides. What is left: how long to tell a client to wait, and what a date
   * in another server's answer means.
   */
  @ArchTest
  static final ArchRule nobody_asks_this_machine_for_the_time =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName("dev.trunkline.api.RetryAfter")
          .and()
          .doNotHaveFullyQualifiedName("dev.trunkline.outbound.OutboundResponse")
          .should()
          .accessTargetWhere(describe("the time is asked for", ArchitectureTest::asksForTheTime))
          .orShould()
          .dependOnClassesThat(are(describe("clocks", ArchitectureTest::isAClock)));

  @ArchTest
  static final ArchRule no_interface_has_one_implementation =
      classes()
          .that()
          .areInterfaces()
          .and()
          .areNotAnnotations()
          .and(describe("are implemented here", ArchitectureTest::isImplementedHere))
          .should(haveMoreThanOneImplementation())
          .allowEmptyShould(true);

  @Test
  void every_package_says_what_it_is_and_that_nothing_in_it_is_null() throws IOException {
    assertThat(packages())
        .hasSizeGreaterThan(10)
        .allSatisfy(
            directory ->
                assertThat(directory.resolve("package-info.java"))
                    .content()
                    .startsWith("/**")
                    .contains("@NullMarked"));
  }

  @Test
  void no_file_is_longer_than_a_few_screens() throws IOException {
    for (Path file : sources()) {
      assertThat(Files.readAllLines(file))
          .as(file.toString())
          .hasSizeLessThanOrEqualTo(LINES_AT_MOST);
    }
  }

  private static boolean makesAProblem(JavaConstructorCall call) {
    return call.getTargetOwner().getName().equals("dev.trunkline.api.Problem");
  }

  /** Called, or passed on as a reference. */
  private static boolean asksForTheTime(JavaAccess<?> access) {
    JavaClass owner = access.getTargetOwner();
    String name = access.getName();
    return owner.isEquivalentTo(System.class) && name.equals("currentTimeMillis")
        || owner.isEquivalentTo(Date.class) && isMadeOfNothing(access.getTarget())
        || owner.getPackageName().startsWith("java.time") && name.equals("now");
  }

  private static boolean isMadeOfNothing(AccessTarget made) {
    return made instanceof AccessTarget.CodeUnitAccessTarget code
        && code.getName().equals("<init>")
        && code.getRawParameterTypes().isEmpty();
  }

  private static boolean isAClock(JavaClass type) {
    return type.isAssignableTo(InstantSource.class) || type.isAssignableTo(Calendar.class);
  }

  /**
   * Sealed ones name their parts, functional ones are code that is passed on, and the two that
   * handlers are written against are implemented by whoever writes and tests handlers.
   */
  private static boolean isImplementedHere(JavaClass type) {
    return !type.isEquivalentTo(TaskHandler.class)
        && !type.isEquivalentTo(TaskContext.class)
        && !type.reflect().isSealed()
        && !type.isAnnotatedWith(FunctionalInterface.class)
        && !type.getAllSubclasses().isEmpty();
  }

  private static ArchCondition<JavaClass> haveMoreThanOneImplementation() {
    return new ArchCondition<>("have more than one implementation") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        Set<JavaClass> implementations = type.getAllSubclasses();
        events.add(
            new SimpleConditionEvent(
                type,
                implementations.size() > 1,
                type.getName() + " is implemented by " + implementations + " alone"));
      }
    };
  }

  private static List<Path> packages() throws IOException {
    return sources().stream().map(Path::getParent).distinct().toList();
  }

  private static List<Path> sources() throws IOException {
    try (Stream<Path> files = Files.walk(SOURCES)) {
      return files.filter(file -> file.toString().endsWith(".java")).toList();
    }
  }
}
