package dev.trunkline.handlers.chess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.trunkline.config.TrunklineConfig;
import dev.trunkline.task.Outcome;
import dev.trunkline.task.TaskContext;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ChessAnalyzeHandlerTest {

  private static final Outcome<List<Line>> REFERENCE_ANSWER =
      Outcome.succeeded(List.of(new Line(null, -2, List.of("c2c1", "e5e1", "c1e1"))));

  @TempDir Path directory;

  private final List<ChessAnalyzeHandler> handlers = new ArrayList<>();
  private final Reports reports = new Reports(new ArrayList<>(), new ArrayList<>());

  @AfterEach
  void close() {
    handlers.forEach(ChessAnalyzeHandler::close);
  }

  @Test
  void theTypeIsThatOfTheContract() {
    var type = handler(Optional.empty()).type();
    assertThat(type.name()).isEqualTo("chess.analyze");
    assertThat(type.queue()).isEqualTo("chess");
    assertThat(type.example()).isTrue();
    assertThat(type.payload()).isEqualTo(AnalyzePayload.class);
    assertThat(type.result().getTypeName())
        .isEqualTo("java.util.List<dev.trunkline.handlers.chess.Line>");
    assertThat(type.timeout()).isGreaterThan(Duration.ofSeconds(10 + 30));
  }

  @Test
  void theReferencePositionIsAnsweredWithProgress() throws Exception {
    ChessAnalyzeHandler handler = handler(Optional.of(Engines.stockfish()));
    for (int i = 0; i < 3; i++) {
      assertThat(handler.handle(payload(Engines.REFERENCE), reports)).isEqualTo(REFERENCE_ANSWER);
    }
    assertThat(reports.messages()).contains("depth 12", "depth 20");
    assertThat(reports.percents()).contains(100).allMatch(percent -> percent >= 0);
  }

  @Test
  void anEngineKilledInTheMiddleCostsThatAttemptOnly() throws Exception {
    ChessAnalyzeHandler handler = handler(Optional.of(Engines.stockfish()));
    AnalyzePayload slow = new AnalyzePayload(Engines.start().fen(), 1, 10.0, null);
    assertThatThrownBy(() -> handler.handle(slow, new Killer(reports)))
        .isInstanceOf(EngineException.class);
    assertThat(handler.handle(payload(Engines.REFERENCE), reports)).isEqualTo(REFERENCE_ANSWER);
  }

  @Test
  void moreTimeThanTheServiceGivesIsRefused() throws Exception {
    AnalyzePayload greedy = new AnalyzePayload(Engines.REFERENCE, 1, 10.5, null);
    assertThat(handler(Optional.empty()).handle(greedy, reports))
        .isEqualTo(Outcome.giveUp("time_limit is longer than the 10 seconds allowed here"));
  }

  @Test
  void anIllegalPositionThatWasNotCheckedAtTheDoorIsRefused() throws Exception {
    assertThat(handler(Optional.empty()).handle(payload("8/8/8/8/8/8/8/4K3 w - -"), reports))
        .isEqualTo(Outcome.giveUp("Black's king is missing"));
  }

  @Test
  void withoutAnEngineTheTypeIsUnavailableAndSaysWhatToDo() {
    ChessAnalyzeHandler handler = handler(Optional.of(directory.resolve("none")));
    assertThat(handler.unavailable()).contains(EngineLocator.CONFIGURED_NOT_FOUND);
    assertThatThrownBy(() -> handler.handle(payload(Engines.REFERENCE), reports))
        .isInstanceOf(EngineException.class)
        .hasMessage(EngineLocator.CONFIGURED_NOT_FOUND);
  }

  @Test
  void withAnEngineTheTypeIsAvailable() {
    assertThat(handler(Optional.of(Engines.stockfish())).unavailable()).isEmpty();
  }

  private ChessAnalyzeHandler handler(Optional<Path> executable) {
    ChessAnalyzeHandler handler =
        new ChessAnalyzeHandler(new Settings(executable, 1, Duration.ofSeconds(10)));
    handlers.add(handler);
    return handler;
  }

  private static AnalyzePayload payload(String fen) {
    return new AnalyzePayload(fen, null, null, null);
  }

  private record Settings(Optional<Path> executable, int engines, Duration maxTime)
      implements TrunklineConfig.Chess {}

  /** A context that remembers the progress it was told. */
  private record Reports(List<Integer> percents, List<String> messages) implements TaskContext {

    @Override
    public UUID taskId() {
      return new UUID(0, 1);
    }

    @Override
    public int attempt() {
      return 1;
    }

    @Override
    public int maxAttempts() {
      return 5;
    }

    @Override
    public void progress(int percent, String message) {
      percents.add(percent);
      messages.add(message);
    }

    @Override
    public boolean isCancelled() {
      return false;
    }
  }

  /** A context that kills this JVM's engines as soon as the search has begun. */
  private record Killer(TaskContext context) implements TaskContext {

    @Override
    public UUID taskId() {
      return context.taskId();
    }

    @Override
    public int attempt() {
      return context.attempt();
    }

    @Override
    public int maxAttempts() {
      return context.maxAttempts();
    }

    @Override
    public void progress(int percent, String message) {
      ProcessHandle.current()
          .children()
          .filter(child -> child.info().command().orElse("").endsWith("stockfish"))
          .forEach(ProcessHandle::destroyForcibly);
    }

    @Override
    public boolean isCancelled() {
      return context.isCancelled();
    }
  }
}
