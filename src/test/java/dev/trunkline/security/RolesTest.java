package dev.trunkline.security;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;

import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.HttpMethod;
import java.util.List;

@AnalyzeClasses(packages = "dev.trunkline", importOptions = ImportOption.DoNotIncludeTests.class)
class RolesTest {

  /** Without, it is denied to everybody, which only shows where roles are asked for. */
  @ArchTest
  static final ArchRule every_resource_method_says_who_may_call_it =
      methods()
          .that(describe("answer HTTP", method -> method.isMetaAnnotatedWith(HttpMethod.class)))
          .should(sayWhoMayCallThem());

  private static ArchCondition<JavaMethod> sayWhoMayCallThem() {
    return new ArchCondition<>("name roles, the operator's too, or be for everybody by name") {
      @Override
      public void check(JavaMethod method, ConditionEvents events) {
        boolean said = isForEverybody(method) || roles(method).contains(Roles.OPERATOR);
        events.add(new SimpleConditionEvent(method, said, method.getFullName()));
      }
    };
  }

  private static boolean isForEverybody(JavaMethod method) {
    return method.isAnnotatedWith(PermitAll.class)
        || method.getOwner().isAnnotatedWith(PermitAll.class);
  }

  private static List<String> roles(JavaMethod method) {
    return method
        .tryGetAnnotationOfType(RolesAllowed.class)
        .or(() -> method.getOwner().tryGetAnnotationOfType(RolesAllowed.class))
        .map(RolesAllowed::value)
        .map(List::of)
        .orElseGet(List::of);
  }
}
