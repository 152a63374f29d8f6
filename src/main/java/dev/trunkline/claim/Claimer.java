package dev.trunkline.claim;

import dev.trunkline.database.ConnectionSetup;
import dev.trunkline.database.StoreException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * Claims in a transaction of its own, which has ended before any handler runs; and remembers claims
 * that brought no answer, for they may be committed all the same.
 */
@ApplicationScoped
public class Claimer {

  private final UnansweredClaims unanswered = new UnansweredClaims(System::nanoTime);
  private final DataSource dataSource;

  Claimer(DataSource dataSource) {
    this.dataSource = dataSource;
  }

  /** One statement is all of the transaction: what it answers is committed. */
  @Transactional(Transactional.TxType.NOT_SUPPORTED)
  Claim.Answer claim(Claim.Request request) {
    try {
      return ConnectionSetup.alone(dataSource, connection -> claim(connection, request));
    } catch (SQLException e) {
      throw new StoreException(e);
    }
  }

  private static Claim.Answer claim(Connection connection, Claim.Request request)
      throws SQLException {
    try (PreparedStatement claim = connection.prepareStatement(ClaimSql.CLAIM)) {
      ClaimSql.bind(claim, request);
      try (ResultSet rows = claim.executeQuery()) {
        return ClaimSql.read(rows, request.most());
      }
    }
  }

  /** The claim that was to make this lease has failed. */
  void failed(UUID lease) {
    unanswered.add(lease);
  }

  /**
   * Leases that nobody here knows the tasks of, if they were made at all. After a while their age
   * tells.
   */
  public List<UUID> unanswered() {
    return unanswered.all();
  }
}
