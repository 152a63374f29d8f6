package dev.trunkline.execute;

import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.NotificationOptions;
import jakarta.enterprise.util.TypeLiteral;
import java.lang.annotation.Annotation;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** A CDI event that can be waited for. */
public final class Fired<T> implements Event<T> {

  private final Semaphore count = new Semaphore(0);

  /** Waits until it has been fired that often. */
  public boolean await(int times) throws InterruptedException {
    return count.tryAcquire(times, 60, TimeUnit.SECONDS);
  }

  /** Whether nothing was fired but what has been waited for. */
  public boolean isQuiet() {
    return count.availablePermits() == 0;
  }

  @Override
  public void fire(T event) {
    count.release();
  }

  @Override
  public <U extends T> CompletionStage<U> fireAsync(U event) {
    throw new UnsupportedOperationException();
  }

  @Override
  public <U extends T> CompletionStage<U> fireAsync(U event, NotificationOptions options) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Event<T> select(Annotation... qualifiers) {
    throw new UnsupportedOperationException();
  }

  @Override
  public <U extends T> Event<U> select(Class<U> subtype, Annotation... qualifiers) {
    throw new UnsupportedOperationException();
  }

  @Override
  public <U extends T> Event<U> select(TypeLiteral<U> subtype, Annotation... qualifiers) {
    throw new UnsupportedOperationException();
  }
}
