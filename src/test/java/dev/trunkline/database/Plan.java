package dev.trunkline.database;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** How PostgreSQL runs a statement, as EXPLAIN tells. */
public record Plan(JsonNode root) {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** The plan for the parameters that are bound. */
  public static Plan of(Connection connection, String sql, Binder binder) throws SQLException {
    return explain(connection, "explain (format json) " + sql, binder);
  }

  /** The plan with what really happened; runs the statement. */
  public static Plan analysed(Connection connection, String sql, Binder binder)
      throws SQLException {
    return explain(connection, "explain (analyze, format json) " + sql, binder);
  }

  /** The plan that serves any parameters, which a pooled connection comes to after five runs. */
  public static Plan generic(Connection connection, String sql) throws SQLException {
    int parameters;
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      parameters = statement.getParameterMetaData().getParameterCount();
    }
    String nulls = String.join(", ", Collections.nCopies(parameters, "null"));
    try (Statement statement = connection.createStatement()) {
      statement.execute("deallocate all");
      statement.execute("set plan_cache_mode = force_generic_plan");
      statement.execute("prepare hot as " + numbered(sql));
      try (ResultSet row =
          statement.executeQuery(
              "explain (format json) execute hot" + (parameters == 0 ? "" : "(" + nulls + ")"))) {
        return read(row);
      }
    }
  }

  /** The triggers that a statement fires, with how often; runs the statement. */
  public static Map<String, Integer> fired(Connection connection, String sql, Binder binder)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("explain (analyze, format json) " + sql)) {
      binder.bind(statement);
      try (ResultSet row = statement.executeQuery()) {
        Map<String, Integer> fired = new TreeMap<>();
        explained(row)
            .path("Triggers")
            .forEach(
                trigger ->
                    fired.put(
                        trigger.path("Trigger Name").asText(), trigger.path("Calls").asInt()));
        return fired;
      }
    }
  }

  /** Every node of the plan. */
  public List<JsonNode> nodes() {
    List<JsonNode> nodes = new ArrayList<>();
    collect(root, nodes);
    return nodes;
  }

  public List<JsonNode> nodes(Predicate<JsonNode> wanted) {
    return nodes().stream().filter(wanted).toList();
  }

  /** The nodes that read a table. */
  public List<JsonNode> readers(String table) {
    return nodes(
        node -> node.path("Relation Name").asText().equals(table) && !isModification(node));
  }

  /**
   * The rows that an index gave out, those that a filter threw away included; roughly, for EXPLAIN
   * tells rounded averages where a scan was run more than once.
   */
  public static long visited(JsonNode scan) {
    double each =
        scan.path("Actual Rows").asDouble() + scan.path("Rows Removed by Filter").asDouble();
    return Math.round(each * scan.path("Actual Loops").asLong());
  }

  private static boolean isModification(JsonNode node) {
    return node.path("Node Type").asText().equals("ModifyTable");
  }

  private static Plan explain(Connection connection, String sql, Binder binder)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      binder.bind(statement);
      try (ResultSet row = statement.executeQuery()) {
        return read(row);
      }
    }
  }

  private static Plan read(ResultSet row) throws SQLException {
    return new Plan(explained(row).get("Plan"));
  }

  private static JsonNode explained(ResultSet row) throws SQLException {
    row.next();
    try {
      return MAPPER.readTree(row.getString(1)).get(0);
    } catch (IOException e) {
      throw new SQLException(e);
    }
  }

  private static void collect(JsonNode node, List<JsonNode> nodes) {
    nodes.add(node);
    node.path("Plans").forEach(child -> collect(child, nodes));
  }

  private static String numbered(String sql) {
    StringBuilder numbered = new StringBuilder();
    int next = 1;
    for (char c : sql.toCharArray()) {
      numbered.append(c == '?' ? "$" + next++ : String.valueOf(c));
    }
    return numbered.toString();
  }

  /** Binds the parameters of a statement. */
  @FunctionalInterface
  public interface Binder {
    void bind(PreparedStatement statement) throws SQLException;
  }
}
