package dev.trunkline.claim;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trunkline.claim.ScanPositions.Lane;
import dev.trunkline.claim.ScanPositions.Position;
import dev.trunkline.database.ConnectionSetup;
import dev.trunkline.database.Load;
import dev.trunkline.database.Plan;
import dev.trunkline.database.Tasks;
import dev.trunkline.database.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a claim looks at grows with the queues that it comes to, and not with their square. */
class ClaimOfManyQueuesSqlTest {

  private static final int QUEUES = 400;
  private static final TestDatabase DATABASE = TestDatabase.fresh();
  private static final UUID WORKER = Tasks.worker(DATABASE, "w1");

  @Test
  void each_lane_finds_its_position_without_looking_at_those_of_all_others() throws SQLException {
    List<String> queues = IntStream.range(0, QUEUES).mapToObj(i -> "queue-" + i).toList();
    queues.forEach(queue -> Tasks.in(DATABASE).queue(queue).one());
    OffsetDateTime longAgo = OffsetDateTime.of(2020, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC);
    Map<Lane, Position> from =
        queues.stream()
            .collect(
                Collectors.toMap(
                    queue -> new Lane(queue, 5), _ -> new Position(longAgo, new UUID(0, 0))));
    Claims claims = Claims.by(WORKER).from(from);

    try (Connection connection = DATABASE.connect()) {
      new ConnectionSetup().onConnectionCreate(connection);
      Plan plan =
          Plan.analysed(
              connection, ClaimSql.CLAIM, statement -> ClaimSql.bind(statement, claims.request()));

      assertThat(plan.root().path("Actual Rows").asLong()).isEqualTo(QUEUES);
      long lanes = Load.openLanes(DATABASE);
      assertThat(plan.nodes())
          .allSatisfy(node -> assertThat(looks(node)).isLessThanOrEqualTo(lanes));
    }
  }

  private static long looks(JsonNode node) {
    double thrownAway =
        node.path("Rows Removed by Join Filter").asDouble() * node.path("Actual Loops").asLong();
    return Plan.visited(node) + Math.round(thrownAway);
  }
}
