package dev.trunkline.api;

import dev.trunkline.submit.Suggestion;
import dev.trunkline.task.Refusal;
import dev.trunkline.task.Refusal.Fault;
import jakarta.ws.rs.core.UriInfo;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The query parameters of a request, read strictly: one that is not known, given twice, or has a
 * value that it cannot have is a fault, and all faults are named together. An empty one counts as
 * left out.
 */
final class Parameters {

  private static final int LAST_YEAR = 9999;

  private final Map<String, String> given = new LinkedHashMap<>();
  private final List<Fault> faults = new ArrayList<>();

  private Parameters() {}

  static Parameters of(UriInfo uri, Collection<String> known) {
    Parameters parameters = new Parameters();
    uri.getQueryParameters().forEach((name, values) -> parameters.take(name, values, known));
    return parameters;
  }

  /** Takes one that came another way; one that stands in the query too is a fault. */
  void add(String name, String value) {
    if (given.putIfAbsent(name, value) != null) {
      fault("has " + name + " both in its body and as a query parameter");
    }
  }

  /**
   * The value of one.
   *
   * @param wanted what it has to be, as in "the name of a task type"
   */
  Optional<String> text(String name, Predicate<String> fits, String wanted) {
    return read(name, value -> fits.test(value) ? Optional.of(value) : Optional.empty(), wanted);
  }

  int wholeNumber(String name, int least, int most, int otherwise) {
    String wanted = "a whole number from " + least + " to " + most;
    return read(name, value -> number(value, least, most), wanted).orElse(otherwise);
  }

  Optional<Instant> time(String name) {
    return read(
        name,
        Parameters::instant,
        "an RFC 3339 time such as 2030-01-31T12:00:00Z (a + is written %2B in a query)");
  }

  <T> Optional<T> read(String name, Function<String, Optional<T>> parse, String wanted) {
    String value = given.get(name);
    if (value == null) {
      return Optional.empty();
    }
    Optional<T> read = parse.apply(value);
    if (read.isEmpty()) {
      fault("needs " + wanted + " in the query parameter " + name);
    }
    return read;
  }

  /**
   * Ends the reading.
   *
   * @throws dev.trunkline.task.RefusedException naming every fault, where there is one
   */
  void check() {
    if (!faults.isEmpty()) {
      throw new Refusal.Malformed(List.copyOf(faults)).exception();
    }
  }

  /** A query of all that were given, but this one with this value. */
  String query(String name, String value) {
    Map<String, String> all = new LinkedHashMap<>(given);
    all.put(name, value);
    return all.entrySet().stream()
        .map(one -> one.getKey() + "=" + URLEncoder.encode(one.getValue(), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&"));
  }

  void fault(String detail) {
    faults.add(new Fault("", detail));
  }

  private void take(String name, List<String> values, Collection<String> known) {
    if (!known.contains(name)) {
      String unknown = Suggestion.unknown("query parameter", name, known);
      fault("names \"" + name + "\", which " + unknown);
    } else if (values.size() > 1) {
      fault("gives the query parameter " + name + " more than once");
    } else if (!values.getFirst().isEmpty()) {
      given.put(name, values.getFirst());
    }
  }

  private static Optional<Integer> number(String value, int least, int most) {
    try {
      int number = Integer.parseInt(value);
      return number >= least && number <= most ? Optional.of(number) : Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static Optional<Instant> instant(String value) {
    try {
      OffsetDateTime time = OffsetDateTime.parse(value).withOffsetSameInstant(ZoneOffset.UTC);
      return time.getYear() >= 0 && time.getYear() <= LAST_YEAR
          ? Optional.of(time.toInstant().truncatedTo(ChronoUnit.MICROS))
          : Optional.empty();
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
