package dev.trunkline.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.trunkline.bench.report.Goal.Verdict;
import dev.trunkline.bench.report.ResultsFile.Measured;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GoalTest {

  private static final String FASTEST_PEER = "draining, beside the fastest peer";

  private final List<Measured> measured = new ArrayList<>();

  @Test
  void aRatioIsOneOfMediansAndBesideTheFastest() {
    drained("trunkline", 10, 12, 26);
    drained("graphile-worker-tuned", 8, 10, 11);
    drained("pg-boss-tuned", 1, 2, 30);
    Verdict verdict = judged(FASTEST_PEER);
    assertEquals(1.2, verdict.judged(), 1e-9);
    assertEquals("graphile-worker-tuned", verdict.beside().orElseThrow().of());
    assertFalse(verdict.isMet());
    assertEquals(3, verdict.rounds());
  }

  @Test
  void aBoundThatIsReachedIsMet() {
    drained("trunkline", 13);
    drained("graphile-worker-tuned", 10);
    assertTrue(judged(FASTEST_PEER).isMet());
  }

  @Test
  void plainSqlIsNoPeer() {
    drained("trunkline", 13);
    drained("plain-500", 1);
    assertTrue(goal(FASTEST_PEER).judge(new Figures(measured), "trunkline").isEmpty());
    assertTrue(judged("draining, beside the fastest plain SQL").isMet());
    assertTrue(
        goal("draining, beside plain SQL in batches of 100")
            .judge(new Figures(measured), "trunkline")
            .isEmpty());
  }

  @Test
  void aNumberIsJudgedByItsOwnUnit() {
    add("latency", "trunkline", "start after submission, p99", "ms", 1.7);
    assertFalse(judged("start after submission, p99").isMet());
    add("latency", "trunkline", "start after submission, p99", "ms", 1.3);
    assertTrue(judged("start after submission, p99").isMet());
  }

  @Test
  void theFewestOfAllIsFewerThanAnyPeers() {
    add("drain", "trunkline", "transactions a task", "", 0.02);
    add("drain", "graphile-worker-tuned", "transactions a task", "", 0.02);
    add("drain", "jobrunr-default", "transactions a task", "", 3);
    assertFalse(judged("fewest transactions a task of all, drained").isMet());
  }

  @Test
  void whatWasNotMeasuredIsNotJudged() {
    for (Goal goal : Goals.all()) {
      assertTrue(goal.judge(new Figures(measured), "trunkline").isEmpty(), goal.about());
    }
    assertTrue(new GoalsTable(new Figures(measured)).text().contains("not measured"));
  }

  private void drained(String contender, double... values) {
    for (double value : values) {
      add("drain", contender, "drained", "tasks/s", value);
    }
  }

  private void add(String scenario, String contender, String what, String unit, double value) {
    measured.add(new Measured(scenario, contender, 1, what, unit, value));
  }

  private Verdict judged(String about) {
    return goal(about).judge(new Figures(measured), "trunkline").orElseThrow();
  }

  private static Goal goal(String about) {
    return Goals.all().stream().filter(g -> g.about().equals(about)).findFirst().orElseThrow();
  }
}
