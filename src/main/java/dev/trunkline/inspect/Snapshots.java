package dev.trunkline.inspect;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.trunkline.task.Task;
import jakarta.inject.Singleton;

/** Writes tasks as JSON, once for everybody who is shown them. */
@Singleton
public class Snapshots {

  private final ObjectMapper mapper;

  Snapshots(ObjectMapper mapper) {
    this.mapper = mapper;
  }

  public TaskSnapshot of(Task task) {
    try {
      return new TaskSnapshot(task, mapper.writeValueAsString(TaskView.of(task)));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a task is always JSON", e);
    }
  }
}
