package dev.trunkline.execute;

import dev.trunkline.finish.AttemptEnd;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Scope;

/** The span of one attempt; {@link #NONE} while tracing is off. Thread-safe. */
final class AttemptSpan {

  /** No span: nothing is current, and nothing is told. */
  static final AttemptSpan NONE = new AttemptSpan(Span.getInvalid());

  static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("trunkline.attempt.outcome");

  /** OpenTelemetry semantic conventions, "Recording errors". */
  static final AttributeKey<String> ERROR_TYPE = AttributeKey.stringKey("error.type");

  private final Span span;

  AttemptSpan(Span span) {
    this.span = span;
  }

  /** Runs something in it: whatever that asks of others is seen as a part of it. */
  void run(Runnable body) {
    if (equals(NONE)) {
      body.run();
      return;
    }
    try (Scope _ = span.makeCurrent()) {
      body.run();
    }
  }

  /**
   * Tells how the attempt ended. The first one to tell is believed: an attempt that was abandoned
   * has ended, whatever its handler does yet.
   *
   * @param written false where it was not the current one any more
   */
  void ended(AttemptEnd end, boolean written) {
    span.setAttribute(OUTCOME, AttemptMetrics.outcome(end, written));
    if (end instanceof AttemptEnd.Setback setback && setback.kind().isFault()) {
      span.setAttribute(ERROR_TYPE, setback.kind().errorType());
      span.setStatus(StatusCode.ERROR, setback.reason());
    }
    span.end();
  }

  /** The attempt is over, and what became of it is somebody else's affair. */
  void end() {
    span.end();
  }
}
