package dev.trunkline.claim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trunkline.claim.ScanPositions.Lane;
import dev.trunkline.claim.ScanPositions.Position;
import dev.trunkline.execute.Attempts;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ScanPositionsTest {

  private static final Lane ONE = new Lane("one", 5);
  private static final Lane OTHER_PRIORITY = new Lane("one", 6);
  private static final Lane OTHER_QUEUE = new Lane("two", 5);

  private final ScanPositions positions = new ScanPositions();

  @Test
  void at_first_there_is_none() {
    assertThat(positions.all()).isEmpty();
  }

  @Test
  void each_lane_starts_behind_the_last_that_was_claimed_in_it() {
    positions.moveTo(
        List.of(row(ONE, 1), row(ONE, 3), row(OTHER_PRIORITY, 2), row(OTHER_QUEUE, 9)),
        queue -> false);

    assertThat(positions.all())
        .isEqualTo(Map.of(ONE, at(3), OTHER_PRIORITY, at(2), OTHER_QUEUE, at(9)));
  }

  @Test
  void a_lane_in_which_nothing_was_claimed_stays_where_it_is() {
    positions.moveTo(List.of(row(ONE, 3)), queue -> false);
    positions.moveTo(List.of(row(OTHER_QUEUE, 9)), queue -> true);

    assertThat(positions.all()).containsEntry(ONE, at(3));
  }

  @Test
  void a_late_one_that_was_the_only_one_does_not_move_it_back() {
    positions.moveTo(List.of(row(ONE, 10)), queue -> false);
    positions.moveTo(List.of(row(ONE, 1)), queue -> false);

    assertThat(positions.all()).containsEntry(ONE, at(10));
  }

  @Test
  void late_ones_up_to_the_limit_move_it_back_for_there_may_be_more_of_them() {
    positions.moveTo(List.of(row(ONE, 10), row(OTHER_QUEUE, 10)), queue -> false);
    positions.moveTo(
        List.of(row(ONE, 1), row(ONE, 2), row(OTHER_QUEUE, 1)), queue -> queue.equals("one"));

    assertThat(positions.all()).containsEntry(ONE, at(2)).containsEntry(OTHER_QUEUE, at(10));
  }

  @Test
  void a_look_walks_each_lane_from_its_beginning_until_something_is_claimed_in_it() {
    positions.moveTo(
        List.of(row(ONE, 3), row(OTHER_PRIORITY, 3), row(OTHER_QUEUE, 3)), queue -> false);
    positions.beginLook();
    assertThat(positions.all()).isEmpty();

    positions.moveTo(List.of(row(ONE, 5)), queue -> true);
    assertThat(positions.all()).isEqualTo(Map.of(ONE, at(5)));
    positions.moveTo(List.of(row(OTHER_QUEUE, 4)), queue -> false);
    assertThat(positions.all()).isEqualTo(Map.of(ONE, at(5), OTHER_QUEUE, at(4)));

    positions.endLook(queue -> true);
    assertThat(positions.all())
        .as("nothing was found in the third, so that it stays where it was")
        .isEqualTo(Map.of(ONE, at(5), OTHER_QUEUE, at(4), OTHER_PRIORITY, at(3)));
  }

  @Test
  void a_late_one_that_a_look_has_found_does_not_move_it_back_either() {
    positions.moveTo(List.of(row(ONE, 10), row(OTHER_QUEUE, 10)), queue -> false);
    positions.beginLook();

    positions.moveTo(
        List.of(row(ONE, 1), row(OTHER_QUEUE, 1), row(OTHER_QUEUE, 2)),
        queue -> queue.equals("two"));

    assertThat(positions.all()).isEqualTo(Map.of(ONE, at(10), OTHER_QUEUE, at(2)));
  }

  @Test
  void what_is_claimed_tells_that_the_lanes_of_lower_numbers_were_walked_to_their_ends() {
    Lane last = new Lane("one", 9);
    positions.moveTo(List.of(row(ONE, 3), row(last, 3), row(OTHER_QUEUE, 3)), queue -> false);
    positions.beginLook();

    positions.moveTo(List.of(row(OTHER_PRIORITY, 4)), queue -> true);

    assertThat(positions.all()).isEqualTo(Map.of(ONE, at(3), OTHER_PRIORITY, at(4)));
  }

  @Test
  void the_lanes_of_a_queue_that_was_not_walked_wait_for_a_claim_that_does() {
    positions.moveTo(List.of(row(ONE, 3), row(OTHER_QUEUE, 3)), queue -> false);
    positions.beginLook();
    positions.endLook(queue -> queue.equals("two"));
    assertThat(positions.all()).isEqualTo(Map.of(OTHER_QUEUE, at(3)));

    positions.endLook(queue -> true);
    assertThat(positions.all()).isEqualTo(Map.of(ONE, at(3), OTHER_QUEUE, at(3)));
  }

  @Test
  void a_look_that_begins_before_the_last_has_ended_walks_all_of_them_again() {
    positions.moveTo(List.of(row(ONE, 3), row(OTHER_QUEUE, 3)), queue -> false);
    positions.beginLook();
    positions.moveTo(List.of(row(ONE, 5)), queue -> true);
    positions.beginLook();

    assertThat(positions.all()).isEmpty();
    positions.endLook(queue -> true);
    assertThat(positions.all()).isEqualTo(Map.of(ONE, at(5), OTHER_QUEUE, at(3)));
  }

  @Test
  void what_was_handed_out_does_not_change_any_more() {
    Map<Lane, Position> before = positions.all();
    positions.moveTo(List.of(row(ONE, 10)), queue -> false);

    assertThat(before).isEmpty();
  }

  @Test
  void the_turn_of_what_was_claimed_is_by_priority_then_time_then_id() {
    List<Claim.Row> inTurn =
        List.of(
            row(ONE, at(7)),
            row(OTHER_QUEUE, at(8, new UUID(1, Long.MAX_VALUE))),
            row(ONE, at(8, new UUID(1, Long.MIN_VALUE))),
            row(OTHER_QUEUE, at(8, new UUID(-1, 0))),
            row(ONE, at(9, new UUID(0, 0))),
            row(OTHER_PRIORITY, at(1)));
    List<Claim.Row> mixed = new ArrayList<>(inTurn);

    for (int seed = 0; seed < 20; seed++) {
      Collections.shuffle(mixed, new Random(seed));
      mixed.sort(ClaimSql.IN_TURN);
      assertThat(mixed).isEqualTo(inTurn);
    }
  }

  private static Claim.Row row(Lane lane, int second) {
    return row(lane, at(second));
  }

  private static Claim.Row row(Lane lane, Position position) {
    return new Claim.Row(Attempts.claimed(position.taskId(), 1), lane, position);
  }

  private static Position at(int second) {
    return at(second, new UUID(0, second));
  }

  private static Position at(int second, UUID id) {
    return new Position(OffsetDateTime.of(2026, 3, 1, 12, 0, second, 0, ZoneOffset.UTC), id);
  }
}
