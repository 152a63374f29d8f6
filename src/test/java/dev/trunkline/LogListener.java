package dev.trunkline;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Hears what a logger of this process says, and those below it, until it is closed. */
public final class LogListener implements AutoCloseable {

  private final List<LogRecord> heard = new CopyOnWriteArrayList<>();
  private final Logger logger;
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord line) {
          heard.add(line);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  /**
   * @param logger its name; that of all is empty
   */
  public LogListener(String logger) {
    this.logger = Logger.getLogger(logger);
    this.logger.addHandler(handler);
  }

  public List<LogRecord> heard() {
    return List.copyOf(heard);
  }

  @Override
  public void close() {
    logger.removeHandler(handler);
  }
}
