package dev.trunkline.inspect;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.trunkline.task.Task;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/** Writes tasks as JSON, once for everybody who is shown them. */
@Singleton
public class Snapshots {

  /** As many as make an accident impossible in practice; a whole SHA-256 is a long header. */
  private static final int BYTES = 16;

  private final ObjectMapper mapper;

  Snapshots(ObjectMapper mapper) {
    this.mapper = mapper;
  }

  public TaskSnapshot of(Task task) {
    try {
      byte[] json = mapper.writeValueAsBytes(TaskView.of(task));
      return new TaskSnapshot(
          task, new String(json, StandardCharsets.UTF_8), digest(json), standing(task));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a task is always JSON", e);
    }
  }

  /** All that changes in the life of a task goes along with one of these, but for its progress. */
  private static String standing(Task task) {
    Object[] changing = {
      task.state, task.attempt, task.runAt, task.startedAt, task.finishedAt, task.worker
    };
    return digest(Arrays.toString(changing).getBytes(StandardCharsets.UTF_8));
  }

  private static String digest(byte[] content) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(content);
      return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(hash, BYTES));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
