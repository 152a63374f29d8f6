package dev.trunkline.database;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collection;
import java.util.UUID;
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

  /** Binds the next column, of {@code text}; what PostgreSQL is to cast is one too. */
  public ArrayColumns<T> text(Column<T, String> column) throws SQLException {
    return add("text", new @Nullable String[rows.size()], column);
  }

  /** Binds the next column, of {@code int4}. */
  public ArrayColumns<T> int4(Column<T, Integer> column) throws SQLException {
    return add("int4", new @Nullable Integer[rows.size()], column);
  }

  /** Binds the next column, of {@code int2}. */
  public ArrayColumns<T> int2(Column<T, Integer> column) throws SQLException {
    return add("int2", new @Nullable Object[rows.size()], column);
  }

  /** Binds the next column, of {@code uuid}. */
  public ArrayColumns<T> uuid(Column<T, UUID> column) throws SQLException {
    return add("uuid", new @Nullable Object[rows.size()], column);
  }

  /** Binds the next column, of {@code bool}. */
  public ArrayColumns<T> bool(Column<T, Boolean> column) throws SQLException {
    return add("bool", new @Nullable Object[rows.size()], column);
  }

  /**
   * @param values to be filled. An array of strings or of integers is sent as it is; of any other
   *     the driver makes a text, character by character, which PostgreSQL reads the same way
   */
  private ArrayColumns<T> add(String type, @Nullable Object[] values, Column<T, ?> column)
      throws SQLException {
    int i = 0;
    for (T row : rows) {
      values[i++] = column.of(row);
    }
    statement.setArray(next++, statement.getConnection().createArrayOf(type, values));
    return this;
  }

  /** The value of one row in a column. */
  @FunctionalInterface
  public interface Column<T, V> {
    @Nullable V of(T row) throws SQLException;
  }
}
