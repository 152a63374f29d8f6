package dev.trunkline.it.handlers;

import dev.trunkline.task.Outcome;
import dev.trunkline.task.TaskContext;
import dev.trunkline.task.TaskHandler;
import dev.trunkline.task.TaskType;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import javax.sql.DataSource;

/**
 * The handler of {@code fire.insert}: writes a row in the transaction of its success. The table has
 * no unique key, so that a second row would show.
 */
@Singleton
public class InsertHandler implements TaskHandler<Work, String> {

  /** Makes the table; not by the handler, which would do it in a transaction of its own. */
  public static final String TABLE = "create table effect (task_id uuid, attempt int)";

  private final DataSource dataSource;

  InsertHandler(DataSource dataSource) {
    this.dataSource = dataSource;
  }

  @Override
  public TaskType<Work, String> type() {
    return TaskType.<Work, String>named("fire.insert", Work.class, String.class)
        .withDescription("Writes a row together with its success.");
  }

  @Override
  public boolean transactional() {
    return true;
  }

  @Override
  public Outcome<String> handle(Work work, TaskContext context) throws Exception {
    Diary.started(context, work.key());
    Thread.sleep(work.ms() / 2);
    insert(context);
    Thread.sleep(work.ms() / 2);
    Diary.finished(context, "succeeded");
    return Outcome.succeeded(Diary.worker());
  }

  private void insert(TaskContext context) throws SQLException {
    try (Connection connection = dataSource.getConnection();
        PreparedStatement insert =
            connection.prepareStatement("insert into public.effect values (?, ?)")) {
      insert.setObject(1, context.taskId());
      insert.setInt(2, context.attempt());
      insert.executeUpdate();
    }
  }
}
