package dev.trunkline.it;

import dev.trunkline.database.EmbeddedDatabase;
import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Puts a PgBouncer between all tests of this run and their PostgreSQL, by the URL alone, where the
 * property {@code test.pooler} asks for it; without PgBouncer such a run skips every test. Both
 * before Quarkus reads its configuration, which it does while the tests are still being discovered.
 */
public final class ThroughAPooler implements LauncherSessionListener, ExecutionCondition {

  private static final String URL = "quarkus.datasource.jdbc.url";
  private static final int SERVER_CONNECTIONS = 4;

  private static Optional<PgBouncer> pooler = Optional.empty();

  @Override
  public void launcherSessionOpened(LauncherSession session) {
    if (isAsked() && PgBouncer.program().isPresent() && pooler.isEmpty()) {
      URI postgres = URI.create(EmbeddedDatabase.startForTests().substring("jdbc:".length()));
      PgBouncer started = new PgBouncer(postgres.getPort(), SERVER_CONNECTIONS);
      pooler = Optional.of(started);
      System.setProperty(URL, started.url());
    }
  }

  @Override
  public void launcherSessionClosed(LauncherSession session) {
    pooler.ifPresent(PgBouncer::close);
    pooler = Optional.empty();
  }

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    return isAsked() && PgBouncer.program().isEmpty()
        ? ConditionEvaluationResult.disabled(PgBouncer.HOW_TO_INSTALL)
        : ConditionEvaluationResult.enabled("no pooler is asked for, or there is one");
  }

  private static boolean isAsked() {
    return Boolean.getBoolean("test.pooler");
  }
}
