package dev.trunkline.handlers.example;

import dev.trunkline.task.Outcome;
import dev.trunkline.task.RetryPolicy;
import dev.trunkline.task.TaskContext;
import dev.trunkline.task.TaskHandler;
import dev.trunkline.task.TaskType;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The handler of {@code example.count-lines}: counts the lines of a file that was dropped off. */
@Singleton
public class CountLinesHandler implements TaskHandler<CountLines, LineCount> {

  private final Path inbox;

  @Inject
  CountLinesHandler(@ConfigProperty(name = "example.inbox", defaultValue = "inbox") Path inbox) {
    this.inbox = inbox;
  }

  @Override
  public TaskType<CountLines, LineCount> type() {
    return TaskType.<CountLines, LineCount>named(
            "example.count-lines", CountLines.class, LineCount.class)
        .withDescription("Counts the lines of a text file in the inbox.")
        .withQueue("files")
        .withMaxAttempts(3)
        .withTimeout(Duration.ofMinutes(1))
        .withRetry(new RetryPolicy(Duration.ofSeconds(2), Duration.ofMinutes(1)));
  }

  @Override
  public Outcome<LineCount> handle(CountLines payload, TaskContext context) throws IOException {
    Path file = inbox.resolve(payload.file());
    if (Files.notExists(file)) {
      return Outcome.retryLater(payload.file() + " is not there yet", Duration.ofSeconds(10));
    }
    try {
      return Outcome.succeeded(count(file, payload, context));
    } catch (CharacterCodingException e) {
      return Outcome.giveUp(payload.file() + " is not UTF-8 text");
    }
  }

  /** Stops early when the attempt is to stop: what is answered then is dropped anyway. */
  private static LineCount count(Path file, CountLines payload, TaskContext context)
      throws IOException {
    long size = Files.size(file);
    long read = 0;
    long lines = 0;
    try (BufferedReader reader = Files.newBufferedReader(file)) {
      for (String line; !context.isCancelled() && (line = reader.readLine()) != null; ) {
        read += line.length() + 1;
        lines += payload.counts(line) ? 1 : 0;
        context.progress((int) (100 * read / size), lines + " lines");
      }
    }
    return new LineCount(lines);
  }
}
