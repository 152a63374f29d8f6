package dev.trunkline.remote;

import dev.trunkline.database.ArrayColumns;
import dev.trunkline.database.StoreException;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Tells the database who asks for work at this process, all of them in one statement: at once where
 * somebody is new, and else now and then. So it can be told who may run a type, at any process.
 */
@ApplicationScoped
class Presence {

  /**
   * In the order of the ids, so that two processes do not wait for each other in a circle. A worker
   * that runs some tasks asks for fewer, so the most that it has asked for counts; one that comes
   * back after it was given up begins anew.
   */
  static final String WRITE =
      """
      with seen as materialized (
        select s.id, s.name, s.types::text[] as types, s.queues::text[] as queues, s.capacity,
          s.lasts
        from unnest(?::uuid[], ?::text[], ?::text[], ?::text[], ?::int[], ?::interval[])
          as s (id, name, types, queues, capacity, lasts)
        order by s.id
      )
      insert into trunkline.remote_worker as w (id, name, types, queues, capacity, started_at,
        heartbeat_at, expires_at)
      select id, name, types, queues, capacity, now.at, now.at, now.at + lasts
      from seen cross join (select clock_timestamp() as at) as now
      on conflict (id) do update
      set heartbeat_at = greatest(w.heartbeat_at, excluded.heartbeat_at),
        expires_at = greatest(w.expires_at, excluded.expires_at),
        started_at = case when w.expires_at < excluded.heartbeat_at
          then excluded.started_at else w.started_at end,
        capacity = case when w.expires_at < excluded.heartbeat_at
          then excluded.capacity else greatest(w.capacity, excluded.capacity) end
      """;

  /** How long after its patience a worker is taken to be there: it may be working. */
  private static final Duration GRACE = Duration.ofMinutes(1);

  /** Between two statements for workers that are known already. */
  private static final Duration SPACING = Duration.ofSeconds(20);

  private static final int MOST = 1_000;

  private final DataSource dataSource;
  private final Map<UUID, Visitor> unwritten = new ConcurrentHashMap<>();
  private final Map<UUID, Long> writtenUntil = new ConcurrentHashMap<>();
  private volatile boolean anyNew;
  private long nextNanos = System.nanoTime();

  Presence(DataSource dataSource) {
    this.dataSource = dataSource;
  }

  /** Somebody asks for work; nothing is written yet. */
  void note(Ask ask) {
    Visitor visitor = new Visitor(ask);
    Long until = writtenUntil.get(visitor.id());
    if (until == null || until - System.nanoTime() < visitor.lasts().minus(SPACING).toNanos()) {
      unwritten.put(visitor.id(), visitor);
      if (until == null) {
        anyNew = true;
      }
    }
  }

  /** Writes what there is to write, if it is time for that. Called by one thread. */
  void write() {
    if (!unwritten.isEmpty() && (anyNew || System.nanoTime() - nextNanos >= 0)) {
      anyNew = false;
      List<Visitor> visitors = unwritten.values().stream().limit(MOST).toList();
      write(visitors);
      long now = System.nanoTime();
      visitors.forEach(it -> writtenUntil.put(it.id(), now + it.lasts().toNanos()));
      visitors.forEach(it -> unwritten.remove(it.id(), it));
      writtenUntil.values().removeIf(until -> until - now < 0);
      nextNanos = now + SPACING.toNanos();
    }
  }

  private void write(List<Visitor> visitors) {
    try (Connection connection = dataSource.getConnection();
        PreparedStatement write = connection.prepareStatement(WRITE)) {
      new ArrayColumns<Visitor>(write, 1, visitors)
          .uuid(Visitor::id)
          .text(visitor -> visitor.ask().worker())
          .text(visitor -> text(connection, visitor.ask().want().types()))
          .text(visitor -> text(connection, visitor.ask().want().queues()))
          .int4(visitor -> visitor.ask().max())
          .text(visitor -> visitor.lasts().toString());
      write.executeUpdate();
    } catch (SQLException e) {
      throw new StoreException(e);
    }
  }

  /** As the text of an array, for PostgreSQL has no arrays of unequal rows. */
  private static @Nullable String text(Connection connection, Optional<List<String>> names)
      throws SQLException {
    if (names.isEmpty()) {
      return null;
    }
    Array array = connection.createArrayOf("text", names.get().toArray());
    return array.toString();
  }

  /** One who asks. */
  private record Visitor(Ask ask) {

    /** The same for the same name and wish, at every process. */
    UUID id() {
      String all = ask.worker() + " " + ask.want();
      return UUID.nameUUIDFromBytes(all.getBytes(StandardCharsets.UTF_8));
    }

    Duration lasts() {
      return ask.patience().plus(GRACE);
    }
  }
}
