package dev.trunkline.api;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.trunkline.api.LineReader.Line;
import dev.trunkline.submit.TaskQueue;
import dev.trunkline.task.Refusal;
import dev.trunkline.task.RefusedException;
import io.quarkus.runtime.configuration.MemorySize;
import jakarta.inject.Singleton;
import java.io.InputStream;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** Opens streams of submissions, and reads their lines as if each had come as a body of its own. */
@Singleton
class LineSubmissions {

  private static final String LIMIT = "quarkus.http.limits.max-body-size";

  private final SubmitReader reader;
  private final TaskQueue queue;
  private final ObjectMapper mapper;
  private final UnreadSpace space;
  private final int longest;

  LineSubmissions(
      SubmitReader reader,
      TaskQueue queue,
      ObjectMapper mapper,
      UnreadSpace space,
      @ConfigProperty(name = LIMIT) MemorySize longest) {
    this.reader = reader;
    this.queue = queue;
    this.mapper = mapper;
    this.space = space;
    this.longest = Math.toIntExact(longest.asLongValue());
  }

  /**
   * A stream that is read and answered when it is run.
   *
   * @param traceparent the header, for all lines, or null
   * @param path of the request
   */
  LineStream open(InputStream body, @Nullable String traceparent, String path) {
    LineStore store = new LineStore(queue::submitEach, mapper, path);
    return new LineStream(
        new LineReader(body, longest),
        line -> read(line, traceparent),
        store::store,
        new UnreadAnswers(space));
  }

  private ReadLine read(Line line, @Nullable String traceparent) {
    int bytes = line.bytes().length;
    if (line.tooLong()) {
      return new ReadLine(line.number(), bytes, null, new Refusal.TooLarge(longest));
    }
    try {
      return new ReadLine(
          line.number(), bytes, reader.read(line.bytes(), List.of(), traceparent), null);
    } catch (RefusedException e) {
      return new ReadLine(line.number(), bytes, null, e.refusal());
    }
  }
}
