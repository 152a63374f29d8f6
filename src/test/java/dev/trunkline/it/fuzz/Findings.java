package dev.trunkline.it.fuzz;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/** What was found, each fault of an operation once with its first request. Thread-safe. */
public final class Findings {

  private static final int KEY = 160;

  private final Map<String, String> first = new ConcurrentHashMap<>();
  private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();
  private final Map<String, LongAdder> statuses = new ConcurrentHashMap<>();

  /** Counts an answer. */
  public void count(FuzzRequest request, int status) {
    statuses
        .computeIfAbsent(request.operation().id() + " " + status, _ -> new LongAdder())
        .increment();
  }

  public void add(int number, FuzzRequest request, String fault, Object answer) {
    String key =
        request.operation().id() + ": " + fault.substring(0, Math.min(KEY, fault.length()));
    first.putIfAbsent(key, "request %d: %s%n    -> %s".formatted(number, request, answer));
    counts.computeIfAbsent(key, _ -> new LongAdder()).increment();
  }

  public boolean areNone() {
    return first.isEmpty();
  }

  /** How often there was each status, and how often each operation answered with it. */
  public String statuses() {
    Map<String, Long> all = new TreeMap<>();
    statuses.forEach(
        (name, count) ->
            all.merge("all " + name.substring(name.indexOf(' ') + 1), count.sum(), Long::sum));
    statuses.forEach((name, count) -> all.put(name, count.sum()));
    return all.entrySet().stream()
        .map(entry -> entry.getKey() + ": " + entry.getValue())
        .collect(Collectors.joining("\n"));
  }

  @Override
  public String toString() {
    return new TreeMap<>(first)
        .entrySet().stream()
            .map(
                entry ->
                    "%s (%s times)%n  %s"
                        .formatted(entry.getKey(), counts.get(entry.getKey()), entry.getValue()))
            .collect(Collectors.joining("\n"));
  }
}
