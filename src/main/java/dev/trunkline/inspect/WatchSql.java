package dev.trunkline.inspect;

import dev.trunkline.database.ArrayColumns;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.UUID;

/** The question that all watchers of a process share: which of their tasks have changed. */
final class WatchSql {

  /**
   * Nothing wide is read. Whatever is written to a task gives its row another {@code xmin}; that it
   * was claimed, or became due, shows in {@code ready} alone. The state itself is not made of this
   * but of the view, for the few that have changed. The materialised input keeps the planner at the
   * keys.
   */
  static final String STAMPS =
      """
      with watched as materialized (
        select unnest(?::uuid[]) as id
      )
      select t.id, t.state <> 'open' as final,
        t.xmin::text || case
          when r.task_id is null then ''
          when r.due > statement_timestamp() then ' later'
          else ' due'
        end as version
      from watched w
      join trunkline.task t on t.id = w.id
      left join trunkline.ready r
        on (r.queue, r.priority, r.due, r.task_id) = (t.queue, t.priority, t.run_at, t.id)
        and t.state = 'open'
      """;

  private WatchSql() {}

  static void bind(PreparedStatement statement, Collection<UUID> ids) throws SQLException {
    new ArrayColumns<UUID>(statement, 1, ids).uuid(id -> id);
  }

  static Stamp read(ResultSet row) throws SQLException {
    return new Stamp(
        row.getObject("id", UUID.class), row.getString("version"), row.getBoolean("final"));
  }
}
