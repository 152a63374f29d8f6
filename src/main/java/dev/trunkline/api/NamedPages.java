package dev.trunkline.api;

import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The pages of a list ordered by name: reads which one is asked for, and answers with it and the
 * way to the next.
 */
final class NamedPages {

  static final int LIMIT = 100;
  static final int HIGHEST_LIMIT = 500;

  private static final List<String> NAMES = List.of("limit", "cursor");

  private final String path;
  private final char list;

  /**
   * Of one list.
   *
   * @param list one letter for which it is, not that of another one
   */
  NamedPages(String path, char list) {
    this.path = path;
    this.list = list;
  }

  /**
   * The page that is asked for.
   *
   * @param read gives those behind a place, and one more than the limit where there are more
   * @param place of one of them
   * @param body of those shown and the next cursor
   */
  <T> Response answer(
      UriInfo uri,
      BiFunction<String, Integer, List<T>> read,
      Function<T, String> place,
      Body<T> body) {
    Parameters given = Parameters.of(uri, NAMES);
    int limit = given.wholeNumber("limit", 1, HIGHEST_LIMIT, LIMIT);
    Optional<String> after =
        given.read(
            "cursor", text -> NameCursor.read(list, text), "the next of a page before this one");
    given.check();
    List<T> found = read.apply(after.orElse(""), limit);
    if (found.size() <= limit) {
      return Response.ok(body.of(found, null)).build();
    }
    List<T> shown = found.subList(0, limit);
    String next = NameCursor.write(list, place.apply(shown.getLast()));
    // Relative, since the way here may lead over a proxy.
    String link = "<" + path + "?" + given.query("cursor", next) + ">; rel=\"next\"";
    return Response.ok(body.of(shown, next)).header(HttpHeaders.LINK, link).build();
  }

  /** Makes the JSON of a page. */
  @FunctionalInterface
  interface Body<T> {
    Object of(List<T> shown, @Nullable String next);
  }
}
