package dev.trunkline.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.trunkline.database.StoreException;
import dev.trunkline.submit.Receipt;
import dev.trunkline.submit.Submission;
import dev.trunkline.task.Refusal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class LineStoreTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final UUID ID = UUID.fromString("0199d1c4-8e2b-7c31-b1f5-2f6a3d0c9e84");
  private static final Receipt STORED = new Receipt.Stored(ID, false);

  /** What the database is to answer, call by call. */
  private final List<List<Receipt>> receipts = new ArrayList<>();

  private final List<List<Submission>> submitted = new ArrayList<>();

  private final LineStore store =
      new LineStore(
          submissions -> {
            submitted.add(submissions);
            return receipts.removeFirst();
          },
          new ObjectMapper(),
          "/api/v1/tasks/batch");

  @Test
  void what_was_refused_before_is_not_submitted_and_answered_in_its_place() throws IOException {
    receipts.add(List.of(STORED, new Receipt.Stored(ID, true)));

    List<JsonNode> answers = answers(line(1), refused(2), line(3));

    assertThat(submitted.getFirst()).hasSize(2);
    assertThat(answers.get(0).toString()).isEqualTo("{\"line\":1,\"id\":\"" + ID + "\"}");
    assertThat(answers.get(1).at("/problem/status").asInt()).isEqualTo(422);
    assertThat(answers.get(2).toString())
        .isEqualTo("{\"line\":3,\"id\":\"" + ID + "\",\"replayed\":true}");
  }

  @Test
  void once_the_database_is_away_nothing_is_tried_any_more() throws IOException {
    receipts.add(List.of(STORED));
    receipts.add(Collections.nCopies(2, failed("08006")));
    answers(line(1));

    for (List<JsonNode> answers :
        List.of(answers(line(2), line(3)), answers(line(4), refused(5), line(6)))) {
      assertThat(answers.getFirst().at("/problem/type").asText())
          .isEqualTo("/problems/database-unavailable");
      assertThat(answers.getFirst().at("/problem/status").asInt()).isEqualTo(503);
      assertThat(answers.getLast().at("/problem/status").asInt()).isEqualTo(503);
    }
    assertThat(submitted).hasSize(2);
  }

  /** A value that does not go into the table, a fault of ours. */
  @Test
  void another_fault_is_that_of_its_line_alone() throws IOException {
    receipts.add(
        List.of(
            failed("22003"),
            failed("XX000"),
            new Receipt.Failed(new IllegalStateException("on purpose")),
            STORED));
    receipts.add(List.of(STORED));

    assertThat(answers(line(1), line(2), line(3), line(4)))
        .extracting(answer -> answer.at("/problem/status").asInt())
        .containsExactly(422, 500, 500, 0);
    assertThat(answers(line(5)).getFirst().has("id")).isTrue();
  }

  private List<JsonNode> answers(ReadLine... lines) throws IOException {
    String text = new String(store.store(List.of(lines)), StandardCharsets.UTF_8);
    assertThat(text).endsWith("\n");
    List<JsonNode> answers = new ArrayList<>();
    for (String line : text.lines().toList()) {
      answers.add(JSON.readTree(line));
    }
    assertThat(answers)
        .extracting(answer -> answer.get("line").asLong())
        .isEqualTo(List.of(lines).stream().map(ReadLine::number).toList());
    return answers;
  }

  private static Receipt failed(String state) {
    return new Receipt.Failed(new StoreException(new SQLException("on purpose", state)));
  }

  private static ReadLine line(long number) {
    return new ReadLine(number, 10, Submission.of("noop", "1"), null);
  }

  private static ReadLine refused(long number) {
    return new ReadLine(number, 10, null, new Refusal.Invalid(List.of()));
  }
}
