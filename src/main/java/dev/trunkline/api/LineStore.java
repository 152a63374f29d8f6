package dev.trunkline.api;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SequenceWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.trunkline.database.SqlFault;
import dev.trunkline.submit.Receipt;
import dev.trunkline.submit.Submission;
import dev.trunkline.task.Refusal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Stores the lines of one stream, some hundreds at a time, and writes an answer for each. Once the
 * database is away nothing is tried any more: so what is stored is a beginning of the stream, and a
 * client knows from which line to send it again. For one thread.
 */
final class LineStore {

  private static final Logger LOG = Logger.getLogger(LineStore.class);

  private final Function<List<Submission>, List<Receipt>> submit;
  private final ObjectWriter writer;
  private final String path;
  private @Nullable Problem away;

  /**
   * @param submit commits submissions, each for itself, and answers in their order
   * @param path of the request, for its problems
   */
  LineStore(Function<List<Submission>, List<Receipt>> submit, ObjectMapper mapper, String path) {
    this.submit = submit;
    this.writer =
        mapper
            .writer()
            .withRootValueSeparator("\n")
            .without(SerializationFeature.FLUSH_AFTER_WRITE_VALUE);
    this.path = path;
  }

  /** The answers to lines, of which there is at least one, in their order, as they are sent. */
  byte[] store(List<ReadLine> lines) {
    Iterator<Receipt> receipts = receipts(lines).iterator();
    ByteArrayOutputStream answers = new ByteArrayOutputStream();
    try (SequenceWriter sequence = writer.writeValues(answers)) {
      for (ReadLine line : lines) {
        sequence.write(answer(line, receipts));
      }
    } catch (IOException e) {
      throw new IllegalStateException("an answer is always JSON", e);
    }
    answers.write('\n');
    return answers.toByteArray();
  }

  private LineAnswer answer(ReadLine line, Iterator<Receipt> receipts) {
    Refusal refusal = line.refusal();
    return refusal == null
        ? answer(line.number(), receipts)
        : refused(line.number(), Problems.of(refusal));
  }

  /** For those that are no refusals already; none where the database is away. */
  private List<Receipt> receipts(List<ReadLine> lines) {
    List<Submission> wanted =
        lines.stream().flatMap(line -> Stream.ofNullable(line.submission())).toList();
    return away != null || wanted.isEmpty() ? List.of() : submit.apply(wanted);
  }

  private LineAnswer answer(long line, Iterator<Receipt> receipts) {
    if (!receipts.hasNext()) {
      return refused(line, Objects.requireNonNull(away));
    }
    return switch (receipts.next()) {
      case Receipt.Stored(var id, var replayed) -> LineAnswer.stored(line, id, replayed);
      case Receipt.Refused(var refusal) -> refused(line, Problems.of(refusal));
      case Receipt.Failed(var fault) -> refused(line, failed(line, fault));
    };
  }

  private Problem failed(long line, RuntimeException thrown) {
    SqlFault fault = SqlFault.behind(thrown).orElse(SqlFault.UNEXPECTED);
    Problem problem = Problems.of(fault);
    if (fault == SqlFault.UNEXPECTED) {
      LOG.errorf(thrown, "Line %d of %s failed", line, path);
    }
    if (fault.passes()) {
      away = problem;
    }
    return problem;
  }

  private LineAnswer refused(long line, Problem problem) {
    return LineAnswer.refused(line, problem.withInstance(path));
  }
}
