package dev.trunkline.handlers.chess;

import java.util.ArrayList;
import java.util.List;

/**
 * The newest complete set of best lines in an engine's output. An engine tells its lines in sets,
 * from rank 1 on. A set counts only if all of it is exact and of one depth: when time runs out, or
 * a result falls outside what was expected, sets come that mix depths or hold mere bounds, and
 * their scores do not compare. Not thread-safe.
 */
final class BestLines {

  private final List<InfoLine> set = new ArrayList<>();
  private List<InfoLine> newest = List.of();

  void add(InfoLine line) {
    if (line.rank() == 1) {
      endSet();
    }
    set.add(line);
  }

  /** The lines, best first; none where no set was complete. */
  List<InfoLine> newest() {
    endSet();
    return newest;
  }

  private void endSet() {
    if (isComplete() && set.size() >= newest.size()) {
      newest = List.copyOf(set);
    }
    set.clear();
  }

  private boolean isComplete() {
    for (int i = 0; i < set.size(); i++) {
      InfoLine line = set.get(i);
      if (!line.exact() || line.rank() != i + 1 || line.depth() != set.getFirst().depth()) {
        return false;
      }
    }
    return !set.isEmpty();
  }
}
