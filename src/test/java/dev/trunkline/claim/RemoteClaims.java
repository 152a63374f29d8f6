package dev.trunkline.claim;

import dev.trunkline.claim.RemoteClaim.Seat;
import dev.trunkline.claim.RemoteClaim.Since;
import dev.trunkline.claim.ScanPositions.Lane;
import dev.trunkline.claim.ScanPositions.Position;
import dev.trunkline.database.StoreException;
import dev.trunkline.database.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import javax.sql.DataSource;

/** Claims for workers outside of the service, changed one wish at a time. */
public record RemoteClaims(
    Optional<List<String>> types,
    Optional<List<String>> queues,
    Optional<Since> since,
    Map<Lane, Position> from,
    List<Seat> seats) {

  public static RemoteClaims ofType(String... names) {
    return new RemoteClaims(
        Optional.of(List.of(names)), Optional.empty(), Optional.empty(), Map.of(), seats(100));
  }

  static RemoteClaims ofQueue(String... names) {
    return new RemoteClaims(
        Optional.empty(), Optional.of(List.of(names)), Optional.empty(), Map.of(), seats(100));
  }

  public RemoteClaims atMost(int count) {
    return new RemoteClaims(types, queues, since, from, seats(count));
  }

  RemoteClaims seats(Seat... wanted) {
    return new RemoteClaims(types, queues, since, from, List.of(wanted));
  }

  RemoteClaims since(Since place) {
    return new RemoteClaims(types, queues, Optional.of(place), from, seats);
  }

  RemoteClaims from(Map<Lane, Position> start) {
    return new RemoteClaims(types, queues, since, start, seats);
  }

  RemoteClaim.Request request() {
    return new RemoteClaim.Request(types, queues, since, from, seats);
  }

  RemoteClaim.Answer on(TestDatabase database) {
    return claimer(database).claim(request());
  }

  public List<UUID> idsOn(TestDatabase database) {
    return on(database).rows().stream().map(row -> row.task().id).toList();
  }

  /** One that claims on this, each statement by itself. */
  public static RemoteClaimer claimer(DataSource dataSource) {
    return new RemoteClaimer(dataSource);
  }

  /** One in which something happens after each claim. */
  public static RemoteClaimer claimer(TestDatabase database, Runnable after) {
    return new RemoteClaimer(database.dataSource()) {
      @Override
      public RemoteClaim.Answer claim(RemoteClaim.Request request) {
        RemoteClaim.Answer answer = super.claim(request);
        after.run();
        return answer;
      }
    };
  }

  /** One whose claims fail where this is true. */
  public static RemoteClaimer claimerWithout(
      TestDatabase database, Predicate<RemoteClaim.Request> failing) {
    return new RemoteClaimer(database.dataSource()) {
      @Override
      public RemoteClaim.Answer claim(RemoteClaim.Request request) {
        if (failing.test(request)) {
          throw new StoreException(new SQLException("it took too long", "57014"));
        }
        return super.claim(request);
      }
    };
  }

  /** One whose calls are transactions, as in the service. */
  public static RemoteClaimer claimer(TestDatabase database) {
    return new RemoteClaimer(database.dataSource()) {
      @Override
      public RemoteClaim.Answer claim(RemoteClaim.Request request) {
        return database.inTransaction(transaction -> new RemoteClaimer(transaction).claim(request));
      }

      @Override
      public RemoteClaim.Look look(Optional<Since> since) {
        return database.inTransaction(transaction -> new RemoteClaimer(transaction).look(since));
      }
    };
  }

  /** What is known of notifications in a process that hears none. */
  public static Listening deaf() {
    return new Listening(new SimpleMeterRegistry());
  }

  private static List<Seat> seats(int count) {
    return Collections.nCopies(count, new Seat("w1", Duration.ofSeconds(30)));
  }
}
