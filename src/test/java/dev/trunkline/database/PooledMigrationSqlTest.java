package dev.trunkline.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.trunkline.it.PgBouncer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

class PooledMigrationSqlTest {

  private static final int SERVER_CONNECTIONS = 3;

  private final TestDatabase database = TestDatabase.fresh();

  @Test
  void a_migration_through_a_pooler_leaves_no_search_path_to_others() throws SQLException {
    assumeTrue(PgBouncer.program().isPresent(), PgBouncer.HOW_TO_INSTALL);
    database.update("drop schema trunkline cascade");
    try (PgBouncer pooler = new PgBouncer(database.port(), SERVER_CONNECTIONS)) {
      PGSimpleDataSource through = new PGSimpleDataSource();
      through.setUrl(pooler.url(database.name()));
      through.setPrepareThreshold(0);

      Flyway.configure()
          .dataSource(through)
          .defaultSchema("trunkline")
          .schemas("trunkline")
          .locations("classpath:db/migration")
          .load()
          .migrate();

      assertThat(searchPaths(through)).containsOnly("\"$user\", public");
    }
    assertThat(database.count("select count(*) from trunkline.task")).isZero();
  }

  /** Of every server connection, which takes as many transactions at once. */
  private static List<String> searchPaths(PGSimpleDataSource through) throws SQLException {
    List<Connection> open = new ArrayList<>();
    try {
      List<String> paths = new ArrayList<>();
      for (int i = 0; i < SERVER_CONNECTIONS; i++) {
        Connection connection = through.getConnection();
        open.add(connection);
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement();
            ResultSet row = statement.executeQuery("show search_path")) {
          row.next();
          paths.add(row.getString(1));
        }
      }
      return paths;
    } finally {
      for (Connection connection : open) {
        connection.close();
      }
    }
  }
}
