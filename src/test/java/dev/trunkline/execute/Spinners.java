package dev.trunkline.execute;

/** Virtual threads that compute and never block, more than there are carriers, until closed. */
public final class Spinners implements AutoCloseable {

  private volatile boolean stopped;

  public Spinners() {
    for (int i = 0; i < 4 * Runtime.getRuntime().availableProcessors(); i++) {
      Thread.ofVirtual()
          .start(
              () -> {
                while (!stopped) {
                  Thread.onSpinWait();
                }
              });
    }
  }

  @Override
  public void close() {
    stopped = true;
  }
}
