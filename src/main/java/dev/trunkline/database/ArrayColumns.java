package dev.trunkline.database;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * Binds a batch of rows as one array for each column, in the order of the placeholders, for a
 * statement that takes them apart with {@code unnest}. So a batch of any size is one statement, and
 * one that PostgreSQL plans once.
 *
 * @param <T> a row
 */
public final class ArrayColumns<T> {

  private final PreparedStatement statement;
  private final Collection<? extends T> rows;
  private int next;

  /**
   * @param first the number of the first column's placeholder, from 1
   */
  public ArrayColumns(PreparedStatement statement, int first, Collection<? extends T> rows) {
    this.statement = statement;
    this.next = first;
    this.rows = rows;
  }

  /**
   * Binds the next column.
   *
   * @param type the name of PostgreSQL's element type, such as {@code int4}
   */
  public ArrayColumns<T> add(String type, Column<T> column) throws SQLException {
    @Nullable Object[] values = array(type, rows.size());
    int i = 0;
    for (T row : rows) {
      values[i++] = column.of(row);
    }
    statement.setArray(next++, statement.getConnection().createArrayOf(type, values));
    return this;
  }

  /**
   * The driver sends an array of these classes as it is. Of any other it makes a text, character by
   * character, which PostgreSQL reads the same way.
   */
  private static @Nullable Object[] array(String type, int length) {
    return switch (type) {
      case "text" -> new @Nullable String[length];
      case "int4" -> new @Nullable Integer[length];
      default -> new @Nullable Object[length];
    };
  }

  /** The value of one row in a column. */
  @FunctionalInterface
  public interface Column<T> {
    @Nullable Object of(T row) throws SQLException;
  }
}
