package dev.trunkline.task;

import java.util.List;

/** Registries of the handlers that a test brings. */
public final class Registries {

  private Registries() {}

  public static HandlerRegistry of(TaskHandler<?, ?>... handlers) {
    return new HandlerRegistry(List.of(handlers), true);
  }
}
