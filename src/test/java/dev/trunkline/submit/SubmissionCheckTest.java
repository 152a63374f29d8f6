package dev.trunkline.submit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.trunkline.task.Outcome;
import dev.trunkline.task.Registries;
import dev.trunkline.task.TaskContext;
import dev.trunkline.task.TaskHandler;
import dev.trunkline.task.TaskType;
import jakarta.validation.Validation;
import jakarta.validation.ValidatorFactory;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

class SubmissionCheckTest {

  private final ValidatorFactory validators = Validation.buildDefaultValidatorFactory();

  @AfterEach
  void close() {
    validators.close();
  }

  @Test
  void what_the_service_alone_makes_is_not_quickly_looked_at_for_others_may_run_it() {
    SubmissionCheck check = check(TaskType.named("own", JsonNode.class, String.class).asInternal());

    assertThat(check.isQuick(Submission.of("own", "1"))).isFalse();
  }

  @Test
  void what_takes_any_json_is_quickly_looked_at_and_what_has_a_form_is_not() {
    SubmissionCheck check =
        check(
            TaskType.named("any", JsonNode.class, String.class),
            TaskType.named("formed", String.class, String.class));

    assertThat(check.isQuick(Submission.of("any", "1"))).isTrue();
    assertThat(check.isQuick(Submission.of("formed", "1"))).isFalse();
    assertThat(check.isQuick(Submission.of("nobody", "1"))).isFalse();
  }

  private SubmissionCheck check(TaskType<?, ?>... types) {
    ObjectMapper mapper = new ObjectMapper();
    return new SubmissionCheck(
        Registries.of(Stream.of(types).map(Fake::new).toArray(TaskHandler<?, ?>[]::new)),
        new AnnouncedTypes(new PGSimpleDataSource()),
        new PayloadCheck(mapper, validators.getValidator(), new PayloadSchemas(mapper)));
  }

  private record Fake<P, R>(TaskType<P, R> type) implements TaskHandler<P, R> {
    @Override
    public Outcome<R> handle(P payload, TaskContext context) {
      throw new IllegalStateException("nobody runs it");
    }
  }
}
