package dev.trunkline.remote;

import dev.trunkline.database.StoreException;
import dev.trunkline.finish.AttemptEnd;
import dev.trunkline.finish.AttemptEndWriter;
import dev.trunkline.remote.HeldSql.Taken;
import dev.trunkline.task.AttemptToken;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import javax.sql.DataSource;

/** Writes what workers outside of the service say of their leases, batch by batch. */
@ApplicationScoped
class HeldWriter {

  private final RandomGenerator random = RandomGenerator.getDefault();
  private final DataSource dataSource;
  private final AttemptEndWriter ends;

  HeldWriter(DataSource dataSource, AttemptEndWriter ends) {
    this.dataSource = dataSource;
    this.ends = ends;
  }

  /**
   * Ends the attempts whose leases are held, and each lease with its attempt. Of several ends of
   * one attempt the first one counts.
   *
   * @return for each the lease that it ended; empty where it changed nothing
   */
  @Transactional
  List<Optional<Taken>> end(List<LeaseEnd> said) {
    Map<AttemptToken, LeaseEnd> first = new LinkedHashMap<>();
    said.forEach(end -> first.putIfAbsent(end.attempt(), end));
    Map<AttemptToken, Taken> taken = take(first.keySet());
    List<AttemptEnd> made = new ArrayList<>();
    first.forEach(
        (attempt, end) ->
            Optional.ofNullable(taken.get(attempt))
                .ifPresent(lease -> made.add(end.of(lease, random))));
    Set<AttemptToken> written = made.isEmpty() ? Set.of() : ends.write(made, List.of());
    return said.stream()
        .map(
            end ->
                Optional.ofNullable(taken.get(end.attempt()))
                    .filter(_ -> written.contains(end.attempt()))
                    .filter(_ -> end.equals(first.get(end.attempt()))))
        .toList();
  }

  /** Extends the leases that are held; empty for the others. Of several beats the last counts. */
  @Transactional
  List<Optional<Extended>> beat(List<Beat> beats) {
    Map<AttemptToken, Beat> last = new LinkedHashMap<>();
    beats.forEach(beat -> last.put(beat.attempt(), beat));
    Map<AttemptToken, Extended> extended = extend(last.values());
    return beats.stream().map(beat -> Optional.ofNullable(extended.get(beat.attempt()))).toList();
  }

  /** The words of {@link HeldSql#ENDED} for attempts of tasks that are there. */
  @Transactional
  Map<AttemptToken, String> ended(Collection<AttemptToken> attempts) {
    try (Connection connection = dataSource.getConnection();
        PreparedStatement ask = connection.prepareStatement(HeldSql.ENDED)) {
      HeldSql.bind(ask, attempts);
      return read(ask, row -> row.getString("ended"));
    } catch (SQLException e) {
      throw new StoreException(e);
    }
  }

  private Map<AttemptToken, Taken> take(Collection<AttemptToken> attempts) {
    try (Connection connection = dataSource.getConnection();
        PreparedStatement take = connection.prepareStatement(HeldSql.TAKE)) {
      HeldSql.bind(take, attempts);
      return read(take, HeldSql::readTaken);
    } catch (SQLException e) {
      throw new StoreException(e);
    }
  }

  private Map<AttemptToken, Extended> extend(Collection<Beat> beats) {
    try (Connection connection = dataSource.getConnection();
        PreparedStatement extend = connection.prepareStatement(HeldSql.HEARTBEAT)) {
      HeldSql.bindBeats(extend, beats);
      return read(extend, HeldSql::readExtended);
    } catch (SQLException e) {
      throw new StoreException(e);
    }
  }

  private static <T> Map<AttemptToken, T> read(PreparedStatement statement, Reader<T> reader)
      throws SQLException {
    Map<AttemptToken, T> read = new HashMap<>();
    try (ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        read.put(HeldSql.readAttempt(rows), reader.read(rows));
      }
    }
    return read;
  }

  /** Reads what a row says of its attempt. */
  @FunctionalInterface
  private interface Reader<T> {
    T read(ResultSet row) throws SQLException;
  }
}
