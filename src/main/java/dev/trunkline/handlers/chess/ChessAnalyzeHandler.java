package dev.trunkline.handlers.chess;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.trunkline.config.TrunklineConfig;
import dev.trunkline.task.Outcome;
import dev.trunkline.task.TaskContext;
import dev.trunkline.task.TaskHandler;
import dev.trunkline.task.TaskType;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The {@code chess.analyze} type: the best lines of a position, as Stockfish sees it.
 *
 * <p>Asking for more time than {@code trunkline.chess.max-time} fails the task for good instead of
 * shortening the search unasked. An engine that dies or hangs fails the attempt; the next one gets
 * another. An analysis that finds all engines busy waits a while, then comes back later and loses
 * no attempt.
 */
@Singleton
final class ChessAnalyzeHandler implements TaskHandler<AnalyzePayload, List<Line>> {

  private static final Type LINES = new TypeReference<List<Line>>() {}.getType();

  private static final Duration WAIT_FOR_ENGINE = Duration.ofSeconds(30);
  private static final Duration SNOOZE = Duration.ofSeconds(1);

  /** Covers the wait for an engine, its start, and an engine that hangs at the end. */
  private static final Duration BESIDE_THE_SEARCH = WAIT_FOR_ENGINE.plusSeconds(30);

  private final Duration longest;
  private final EngineLocator locator;
  private final EnginePool engines;

  @Inject
  ChessAnalyzeHandler(TrunklineConfig config) {
    this(config.chess());
  }

  ChessAnalyzeHandler(TrunklineConfig.Chess settings) {
    longest = settings.maxTime();
    locator = new EngineLocator(settings.executable());
    engines = new EnginePool(settings.engines(), this::launch);
  }

  @Override
  public TaskType<AnalyzePayload, List<Line>> type() {
    return TaskType.<AnalyzePayload, List<Line>>named("chess.analyze", AnalyzePayload.class, LINES)
        .withDescription("Analyses a chess position and answers its best lines of play.")
        .withQueue("chess")
        .withTimeout(longest.plus(BESIDE_THE_SEARCH))
        .asExample();
  }

  @Override
  public Optional<String> unavailable() {
    return locator.missing();
  }

  @Override
  public Outcome<List<Line>> handle(AnalyzePayload payload, TaskContext context)
      throws EngineException, InterruptedException {
    if (payload.exceeds(longest)) {
      return Outcome.giveUp(
          "time_limit is longer than the %s seconds allowed here".formatted(seconds(longest)));
    }
    try {
      return analyze(PositionRules.legal(payload.fen()), payload, context);
    } catch (IllegalPositionException refusal) {
      return Outcome.giveUp(refusal.reason());
    }
  }

  @PreDestroy
  void close() {
    engines.close();
  }

  private Outcome<List<Line>> analyze(
      Position position, AnalyzePayload payload, TaskContext context)
      throws EngineException, InterruptedException {
    SearchLimits limits = payload.limits(longest);
    return engines
        .use(
            WAIT_FOR_ENGINE,
            engine ->
                engine.analyze(
                    position, payload.moves(), limits, new SearchProgress(limits, context)))
        .map(Outcome::succeeded)
        .orElseGet(() -> Outcome.snooze(SNOOZE));
  }

  private UciEngine launch() throws EngineException, InterruptedException {
    Path executable = locator.find().orElseThrow(() -> new EngineException(locator.reason()));
    return UciEngine.start(executable, EnginePatience.DEFAULT);
  }

  private static String seconds(Duration time) {
    return BigDecimal.valueOf(time.toMillis(), 3).stripTrailingZeros().toPlainString();
  }
}
