package dev.trunkline.handlers.echo;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;

/** The result of {@code echo}: what was said, line by line. */
@RegisterForReflection
public record Echoed(List<String> lines) {

  public Echoed {
    lines = List.copyOf(lines);
  }
}
