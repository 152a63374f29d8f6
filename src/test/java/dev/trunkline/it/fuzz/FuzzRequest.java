package dev.trunkline.it.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A request that was made up.
 *
 * @param target path and query, as they go over the wire
 * @param body empty where there is none
 * @param chunked whether the body's length is not announced
 * @param changes what was done to it after it was as the document says; empty where nothing was
 */
public record FuzzRequest(
    Contract.Operation operation,
    String method,
    String target,
    List<Map.Entry<String, String>> headers,
    byte[] body,
    boolean chunked,
    Set<String> changes) {

  private static final int SHOWN = 600;

  /** Whether the document speaks of it at all. */
  public boolean isOfItsOperation() {
    return !changes.contains("method") && !changes.contains("path");
  }

  public boolean isAsDocumented() {
    return changes.isEmpty();
  }

  FuzzRequest withMethod(String other) {
    return new FuzzRequest(operation, other, target, headers, body, chunked, plus("method"));
  }

  FuzzRequest withTarget(String other, String change) {
    return new FuzzRequest(operation, method, other, headers, body, chunked, plus(change));
  }

  /** With the header instead of others of that name. */
  FuzzRequest withHeader(String name, String value) {
    List<Map.Entry<String, String>> others = new ArrayList<>(withoutHeader(name).headers());
    others.add(Map.entry(name, value));
    return new FuzzRequest(operation, method, target, others, body, chunked, plus(name));
  }

  FuzzRequest withoutHeader(String name) {
    List<Map.Entry<String, String>> others =
        headers.stream().filter(header -> !header.getKey().equalsIgnoreCase(name)).toList();
    return new FuzzRequest(operation, method, target, others, body, chunked, plus(name));
  }

  FuzzRequest withBody(byte[] other, String change) {
    return new FuzzRequest(operation, method, target, headers, other, chunked, plus(change));
  }

  /** With all the types that the document names, as generated clients do it. */
  FuzzRequest accepting() {
    String types =
        operation.answers().values().stream()
            .flatMap(answer -> answer.contents().keySet().stream())
            .distinct()
            .collect(Collectors.joining(", "));
    List<Map.Entry<String, String>> more = new ArrayList<>(headers);
    more.add(Map.entry("Accept", types));
    return new FuzzRequest(operation, method, target, more, body, chunked, changes);
  }

  FuzzRequest inChunks() {
    return new FuzzRequest(operation, method, target, headers, body, true, changes);
  }

  private Set<String> plus(String change) {
    Set<String> more = new TreeSet<>(changes);
    more.add(change);
    return more;
  }

  @Override
  public String toString() {
    String text = new String(body, StandardCharsets.UTF_8);
    String shown = text.length() > SHOWN ? text.substring(0, SHOWN) + "… " + text.length() : text;
    return "%s: %s %s %s%s %s (changed: %s)"
        .formatted(
            operation.id(),
            method,
            target.substring(0, Math.min(SHOWN, target.length())),
            headers,
            chunked ? " chunked" : "",
            shown,
            changes);
  }
}
