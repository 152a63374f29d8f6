package dev.trunkline.database;

import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an SQLSTATE means for the one who got it (PostgreSQL, appendix A, "PostgreSQL Error Codes").
 */
public enum SqlFault {
  /** The database cannot be reached, is starting, full or read-only: the same may succeed later. */
  UNAVAILABLE,
  /** It lost against a concurrent transaction: the same may succeed at once. */
  CONFLICT,
  /** A value that PostgreSQL does not take: the same fails for ever. */
  BAD_DATA,
  /** Anything else; a fault of this program. */
  UNEXPECTED;

  /** Whether doing the same again can help. */
  public boolean passes() {
    return switch (this) {
      case UNAVAILABLE, CONFLICT -> true;
      case BAD_DATA, UNEXPECTED -> false;
    };
  }

  /** The fault behind an exception, whatever it is wrapped in; empty where no SQL was at fault. */
  public static Optional<SqlFault> behind(Throwable thrown) {
    return find(thrown, 0).map(SqlFault::of);
  }

  /**
   * Whether a write that threw this may have been committed all the same, so that writing it again
   * could double it.
   */
  public static boolean leavesDoubt(Throwable thrown) {
    return behind(thrown).map(fault -> fault == UNAVAILABLE).orElse(true);
  }

  /** Whether it waited for a lock for as long as {@link ConnectionSetup} lets it. */
  public static boolean isLockTimeout(Throwable thrown) {
    return find(thrown, 0).filter(sql -> "55P03".equals(sql.getSQLState())).isPresent();
  }

  /**
   * Whether the connection is of no use any more: it broke, the server ended it, or the server has
   * become read-only, for then the primary is another one.
   */
  static boolean endsConnection(SQLException exception) {
    String state = exception.getSQLState();
    if (state == null) {
      return false;
    }
    return state.startsWith("08")
        || state.startsWith("57P")
        || state.equals("25006")
        || state.equals("25P03")
        || state.equals("25P04");
  }

  /** The fault that an SQLSTATE names. A connection pool that gives up waiting has none. */
  static SqlFault of(SQLException exception) {
    String state = exception.getSQLState();
    if (state == null || state.length() != 5) {
      return UNAVAILABLE;
    }
    return switch (state.substring(0, 2)) {
      case "08", "53", "57", "58" -> UNAVAILABLE;
      case "40", "55" -> CONFLICT;
      // Not of its type, or more than a row, an index entry or an expression can hold.
      case "22", "54" -> BAD_DATA;
      default -> ofState(state);
    };
  }

  private static SqlFault ofState(String state) {
    return switch (state) {
      // A primary that has become a standby; a schema that is not there yet.
      case "25006", "3F000", "42P01", "42883" -> UNAVAILABLE;
      // A session that the server ended because it had stood still in its transaction.
      case "25P03", "25P04" -> UNAVAILABLE;
      default -> UNEXPECTED;
    };
  }

  private static Optional<SQLException> find(@Nullable Throwable thrown, int depth) {
    if (thrown == null || depth > 10) {
      return Optional.empty();
    }
    if (thrown instanceof SQLException sql) {
      return Optional.of(sql);
    }
    for (Throwable suppressed : thrown.getSuppressed()) {
      Optional<SQLException> found = find(suppressed, depth + 1);
      if (found.isPresent()) {
        return found;
      }
    }
    return find(thrown.getCause(), depth + 1);
  }
}
