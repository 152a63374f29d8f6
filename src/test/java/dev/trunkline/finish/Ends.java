package dev.trunkline.finish;

import dev.trunkline.execute.Fired;
import dev.trunkline.finish.AttemptEnd.Kind;
import dev.trunkline.finish.AttemptEnd.Setback;
import dev.trunkline.finish.AttemptEnd.Success;
import dev.trunkline.task.AttemptToken;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/** Ends of attempts, and what writes them. */
public final class Ends {

  static final Instant STARTED = Instant.parse("2026-03-01T12:00:00.123456Z");

  private Ends() {}

  public static AttemptEndWriter writer(DataSource dataSource) {
    return new AttemptEndWriter(dataSource);
  }

  public static Completer completer(DataSource dataSource) {
    return new Completer(
        new AttemptEndWriter(dataSource), new SimpleMeterRegistry(), new Fired<>());
  }

  public static Success success(UUID task, int attempt) {
    return new Success(ran(task, attempt), "{\"done\": true}", Optional.empty());
  }

  public static Setback setback(UUID task, int attempt, Kind kind) {
    boolean again = kind != Kind.CANCELLED && kind != Kind.REJECTED;
    return setback(task, attempt, kind, again, Duration.ZERO);
  }

  static Setback setback(UUID task, int attempt, Kind kind, boolean again, Duration delay) {
    return new Setback(ran(task, attempt), kind, "it went wrong", again, delay);
  }

  static Ran ran(UUID task, int attempt) {
    return new Ran(new AttemptToken(task, attempt), "w1", STARTED);
  }
}
