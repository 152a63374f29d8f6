package dev.trunkline.it.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the service has said of tasks that it took and forgot: nothing else may be in its tables.
 * Thread-safe.
 */
public final class Ledger {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern TASK = Pattern.compile("/api/v1/tasks/([0-9a-fA-F-]{36})");
  private static final String BATCH = "/api/v1/tasks/batch";
  private static final Set<String> ONE = Set.of("/api/v1/tasks", "/analyze", "/wordcount");

  private final Set<String> taken = ConcurrentHashMap.newKeySet();
  private final Set<String> forgotten = ConcurrentHashMap.newKeySet();
  private final Queue<String> deletions = new ConcurrentLinkedQueue<>();
  private final LongAdder nameless = new LongAdder();

  /** Reads an answer. */
  public void enter(FuzzRequest request, FuzzAnswer answer) {
    String path = path(request.target());
    if (request.method().equals("POST") && answer.status() / 100 == 2) {
      enterSubmission(path, answer);
    }
    if (request.method().equals("DELETE")) {
      deletions.add(answer.status() + " " + request.target());
      if (answer.status() == 204) {
        forget(request);
      }
    }
  }

  /** Of a deletion that was done, or may have been: its answer got lost, and it was sent again. */
  public void forget(FuzzRequest deletion) {
    Matcher task = TASK.matcher(path(deletion.target()));
    if (task.matches()) {
      forgotten.add(task.group(1).toLowerCase(Locale.ROOT));
    }
  }

  /** The deletions that name one of these tasks, each with the status of its answer. */
  public List<String> deletionsOf(Set<String> ids) {
    return deletions.stream()
        .filter(
            deletion -> ids.stream().anyMatch(decoded(deletion).toLowerCase(Locale.ROOT)::contains))
        .toList();
  }

  private void enterSubmission(String path, FuzzAnswer answer) {
    if (ONE.contains(path)) {
      enterId(json(answer.text()));
    } else if (path.equals(BATCH) && answer.status() == 202) {
      json(answer.text()).get("items").forEach(this::enterId);
    } else if (path.equals(BATCH) && answer.status() == 200) {
      answer.text().lines().map(Ledger::json).filter(line -> line.has("id")).forEach(this::enterId);
    } else if (path.equals("/producer")) {
      nameless.increment();
    }
  }

  private void enterId(JsonNode task) {
    taken.add(task.get("id").asText());
  }

  /** Those that have to be there: taken, and not forgotten. */
  public Set<String> there() {
    Set<String> there = new TreeSet<>(taken);
    there.removeAll(forgotten);
    return there;
  }

  /** How many were taken without a word about their ids, less those that are forgotten. */
  public long nameless() {
    return nameless.sum() - forgotten.stream().filter(id -> !taken.contains(id)).count();
  }

  /** As the service takes it: without the query, escapes, parameters, and slashes too many. */
  private static String path(String target) {
    return decoded(target.replaceFirst("[?#].*", ""))
        .replaceAll(";[^/]*", "")
        .replaceAll("/+", "/")
        .replaceFirst("/$", "");
  }

  private static String decoded(String target) {
    try {
      return URLDecoder.decode(target.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return target;
    }
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
