package dev.trunkline.claim;

import dev.trunkline.claim.RemoteClaim.Due;
import dev.trunkline.claim.RemoteClaim.Row;
import dev.trunkline.claim.RemoteClaim.Tidings;
import dev.trunkline.database.StoreException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * Claims and looks for workers outside of the service, each in a transaction of its own. A claim
 * that was committed and brought no answer needs no care: its leases expire by themselves.
 */
@ApplicationScoped
public class RemoteClaimer {

  private final DataSource dataSource;

  RemoteClaimer(DataSource dataSource) {
    this.dataSource = dataSource;
  }

  /** Leases what is asked for. */
  @Transactional(Transactional.TxType.REQUIRES_NEW)
  public RemoteClaim.Answer claim(RemoteClaim.Request request) {
    try (Connection connection = dataSource.getConnection()) {
      return new RemoteClaim.Answer(tell(connection), take(connection, request));
    } catch (SQLException e) {
      throw new StoreException(e);
    }
  }

  /** Tells what is due, and takes nothing. */
  @Transactional(Transactional.TxType.REQUIRES_NEW)
  public RemoteClaim.Look look(Optional<RemoteClaim.Since> since) {
    try (Connection connection = dataSource.getConnection()) {
      return new RemoteClaim.Look(tell(connection), due(connection, since));
    } catch (SQLException e) {
      throw new StoreException(e);
    }
  }

  private static Tidings tell(Connection connection) throws SQLException {
    try (PreparedStatement tell = connection.prepareStatement(RemoteClaimSql.TELL);
        ResultSet row = tell.executeQuery()) {
      row.next();
      return RemoteClaimSql.readTidings(row);
    }
  }

  private static List<Row> take(Connection connection, RemoteClaim.Request request)
      throws SQLException {
    List<Row> taken = new ArrayList<>();
    try (PreparedStatement claim = connection.prepareStatement(RemoteClaimSql.CLAIM)) {
      RemoteClaimSql.bind(claim, request);
      try (ResultSet rows = claim.executeQuery()) {
        while (rows.next()) {
          taken.add(RemoteClaimSql.read(rows));
        }
      }
    }
    return taken;
  }

  private static List<Due> due(Connection connection, Optional<RemoteClaim.Since> since)
      throws SQLException {
    List<Due> found = new ArrayList<>();
    try (PreparedStatement look = connection.prepareStatement(RemoteClaimSql.LOOK)) {
      RemoteClaimSql.bindSince(look, 1, since);
      try (ResultSet rows = look.executeQuery()) {
        while (rows.next()) {
          found.add(new Due(rows.getString("queue"), rows.getString("type")));
        }
      }
    }
    return found;
  }
}
