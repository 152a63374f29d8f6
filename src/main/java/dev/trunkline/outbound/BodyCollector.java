package dev.trunkline.outbound;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;

/**
 * The body of one answer as it arrives, counted after decompression: what a few compressed
 * kilobytes unpack to is only known then. Runs on the answer's event loop.
 */
final class BodyCollector implements Handler<Buffer> {

  private final int most;
  private final Buffer read = Buffer.buffer();
  private final Promise<Buffer> whole = Promise.promise();

  private BodyCollector(int most) {
    this.most = most;
  }

  /** The whole body, or {@link OutboundException.Refused} as soon as it is over the limit. */
  static Future<Buffer> collect(HttpClientResponse answer, int most) {
    BodyCollector collector = new BodyCollector(most);
    answer.exceptionHandler(collector.whole::tryFail);
    answer.endHandler(end -> collector.whole.tryComplete(collector.read));
    answer.handler(collector);
    return collector.whole.future();
  }

  @Override
  public void handle(Buffer chunk) {
    if (read.length() + (long) chunk.length() <= most) {
      read.appendBuffer(chunk);
    } else {
      whole.tryFail(
          new OutboundException.Refused("the answer's body is larger than " + most + " bytes"));
    }
  }
}
