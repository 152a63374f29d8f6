package dev.trunkline.api;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.trunkline.config.BatchConfig;
import dev.trunkline.config.TrunklineConfig;
import dev.trunkline.submit.JsonFaults;
import dev.trunkline.submit.Submission;
import dev.trunkline.submit.TaskQueue;
import dev.trunkline.task.Refusal;
import dev.trunkline.task.Refusal.Fault;
import dev.trunkline.task.RefusedException;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.commons.io.IOUtils;
import org.jspecify.annotations.Nullable;

/**
 * Reads a JSON array of submissions. The array is cut into the bytes of its elements first, so that
 * each is read by the {@link SubmitReader}, as if it had come alone, and one at a time.
 */
@Singleton
class BatchReader {

  /** Bytes over the limit that are read and thrown away; one that sends more is cut off. */
  private static final long PASSED_OVER = 1 << 26;

  private final ObjectMapper mapper;
  private final SubmitReader reader;
  private final TaskQueue queue;
  private final BatchConfig limits;

  BatchReader(ObjectMapper mapper, SubmitReader reader, TaskQueue queue, TrunklineConfig config) {
    this.mapper = mapper;
    this.reader = reader;
    this.queue = queue;
    this.limits = config.batch();
  }

  /**
   * The submissions in their order.
   *
   * @param traceparent the header, for all of them, or null
   * @throws RefusedException where the body is too large, no array, or too long; or naming every
   *     fault of every element, where one of them cannot be read
   */
  List<Submission> read(InputStream body, @Nullable String traceparent) throws IOException {
    byte[] bytes = bytes(body);
    List<Range> elements = cut(bytes);
    if (elements.size() > limits.maxTasks()) {
      String detail =
          "must be at most %d tasks; send more as application/x-ndjson"
              .formatted(limits.maxTasks());
      throw new Refusal.Invalid(List.of(new Fault("", detail))).exception();
    }
    return read(bytes, elements, traceparent);
  }

  private byte[] bytes(InputStream body) throws IOException {
    byte[] bytes = body.readNBytes(limits.maxBodyBytes() + 1);
    if (bytes.length > limits.maxBodyBytes()) {
      // Most clients hear of a refusal only when they have sent everything.
      IOUtils.skip(body, PASSED_OVER);
      throw new Refusal.TooLarge(limits.maxBodyBytes()).exception();
    }
    return bytes;
  }

  private List<Submission> read(byte[] bytes, List<Range> elements, @Nullable String traceparent) {
    SortedMap<Integer, Submission> read = new TreeMap<>();
    SortedMap<Integer, Refusal> refused = new TreeMap<>();
    for (int i = 0; i < elements.size(); i++) {
      try {
        read.put(i, reader.read(elements.get(i).of(bytes), List.of(), traceparent));
      } catch (RefusedException e) {
        refused.put(i, e.refusal());
      }
    }
    if (!refused.isEmpty()) {
      // Nothing will be stored; the others are looked at so that the client hears of all at once.
      read.forEach((place, submission) -> check(place, submission, refused));
      throw new Refusal.Several(refused).exception();
    }
    return List.copyOf(read.values());
  }

  private void check(int place, Submission submission, SortedMap<Integer, Refusal> refused) {
    try {
      queue.check(submission);
    } catch (RefusedException e) {
      refused.put(place, e.refusal());
    }
  }

  private List<Range> cut(byte[] bytes) {
    List<Range> elements = new ArrayList<>();
    try (JsonParser parser = mapper.getFactory().createParser(bytes)) {
      // A field that is given twice is the fault of its element, and found there.
      parser.disable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
      if (parser.nextToken() != JsonToken.START_ARRAY) {
        throw malformed("must be a JSON array");
      }
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        elements.add(element(parser));
      }
      if (parser.nextToken() != null) {
        throw malformed("must end with its JSON array");
      }
    } catch (JsonProcessingException e) {
      throw JsonFaults.malformed(e).exception();
    } catch (IOException e) {
      throw malformed("is not JSON in UTF-8");
    }
    return elements;
  }

  private static Range element(JsonParser parser) throws IOException {
    boolean object = parser.currentToken() == JsonToken.START_OBJECT;
    long from = parser.currentTokenLocation().getByteOffset();
    parser.skipChildren();
    long to = parser.currentLocation().getByteOffset();
    if (from < 0) {
      throw malformed("is not JSON in UTF-8");
    }
    return object ? new Range((int) from, (int) to) : Range.NO_OBJECT;
  }

  private static RefusedException malformed(String detail) {
    return new Refusal.Malformed(List.of(new Fault("", detail))).exception();
  }

  /** Where the bytes of an element are. */
  private record Range(int from, int to) {

    static final Range NO_OBJECT = new Range(0, 0);

    byte[] of(byte[] bytes) {
      return equals(NO_OBJECT)
          ? "null".getBytes(StandardCharsets.UTF_8)
          : Arrays.copyOfRange(bytes, from, to);
    }
  }
}
