package dev.trunkline.task;

import jakarta.persistence.AttributeConverter;
import jakarta.persistence.Converter;

/** The state as the word that stands in the database. */
@Converter
public class TaskStateConverter implements AttributeConverter<TaskState, String> {

  @Override
  public String convertToDatabaseColumn(TaskState state) {
    return state.word();
  }

  @Override
  public TaskState convertToEntityAttribute(String word) {
    return TaskState.of(word);
  }
}
