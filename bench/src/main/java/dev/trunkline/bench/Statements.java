package dev.trunkline.bench;

import dev.trunkline.bench.DatabaseServer.Database;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The statements that everybody but the harness sends to a database, as {@code pg_stat_statements}
 * counts them. Counting is off except where it is asked for, since it takes time.
 */
final class Statements {

  static final String LIBRARY = "pg_stat_statements";
  static final String TRACK = "pg_stat_statements.track";

  /** Begin and commit are transactions, which are counted as such. */
  private static final String COUNT =
      """
      (select coalesce(sum(calls), 0) from pg_stat_statements
        where dbid = (select oid from pg_database where datname = current_database())
          and query !~* '^\\s*(begin|start transaction|commit|rollback)')
      """;

  private Statements() {}

  /** Has the sessions that begin from now on counted, where the server can. */
  static void count(Database database) {
    if (database.text("show shared_preload_libraries").contains(LIBRARY)) {
      database.update("create extension " + LIBRARY);
      database.update("alter database bench set " + TRACK + " = 'top'");
    }
  }

  /** An expression for their number so far; null where the server does not count here. */
  static String soFar(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select to_regclass('" + LIBRARY + "')")) {
      row.next();
      return row.getString(1) == null ? "null" : COUNT;
    }
  }
}
