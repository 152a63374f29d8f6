package dev.trunkline.api;

import io.quarkus.resteasy.reactive.server.runtime.ResteasyReactiveRecorder;
import jakarta.inject.Singleton;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.NotAllowedException;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jboss.resteasy.reactive.server.mapping.RuntimeResource;
import org.jboss.resteasy.reactive.server.util.RuntimeResourceVisitor;
import org.jspecify.annotations.Nullable;

/**
 * Which methods there are at a path, for {@code OPTIONS} and for the header {@code Allow} that a
 * {@code 405} must have (RFC 9110, 15.5.6). Quarkus leaves it out, and answers {@code OPTIONS} with
 * the methods of the whole class, at paths that lead nowhere too; so the routes are asked.
 */
@Singleton
class AllowedMethods {

  private static final Pattern PARAMETER = Pattern.compile("\\{[^}]+}");
  private static final Pattern SLASHES = Pattern.compile("/{2,}");

  /** The methods at one template of paths. */
  private record Route(Pattern path, SortedSet<String> methods) {}

  /**
   * All there are.
   *
   * @param literal by path, those without parameters
   */
  private record Routes(Map<String, SortedSet<String>> literal, List<Route> templates) {}

  private volatile @Nullable Routes routes;

  /** The methods at this path, and OPTIONS; empty where there is nothing at all. */
  SortedSet<String> at(String path) {
    String plain = plain(path);
    SortedSet<String> literal = routes().literal().get(plain);
    return literal != null
        ? literal
        : routes().templates().stream()
            .filter(route -> route.path().matcher(plain).matches())
            .map(Route::methods)
            .findFirst()
            .orElse(Collections.emptySortedSet());
  }

  @ServerRequestFilter(preMatching = true)
  Optional<Response> options(ContainerRequestContext request) {
    if (!request.getMethod().equals(HttpMethod.OPTIONS)) {
      return Optional.empty();
    }
    SortedSet<String> methods = at(request.getUriInfo().getPath());
    if (methods.isEmpty()) {
      throw new NotFoundException();
    }
    return Optional.of(Response.noContent().header(HttpHeaders.ALLOW, inWords(methods)).build());
  }

  /**
   * {@code GET /tasks/batch} asks for nothing that there is, although {@code batch} could stand for
   * an id: a path without parameters comes before one with them (OpenAPI 3.1, 4.8.8).
   */
  @ServerRequestFilter(preMatching = true)
  void refuseOtherMethods(ContainerRequestContext request) {
    SortedSet<String> methods = routes().literal().get(plain(request.getUriInfo().getPath()));
    if (methods != null && !methods.contains(request.getMethod())) {
      throw new NotAllowedException(Response.status(Response.Status.METHOD_NOT_ALLOWED).build());
    }
  }

  static String inWords(SortedSet<String> methods) {
    return String.join(", ", methods);
  }

  /** As the routes are matched: without a slash at the end, and with one in between. */
  static String plain(String path) {
    String single = path.contains("//") ? SLASHES.matcher(path).replaceAll("/") : path;
    boolean ends = single.length() > 1 && single.endsWith("/");
    return ends ? single.substring(0, single.length() - 1) : single;
  }

  /** They are complete once the first request is served. */
  private Routes routes() {
    Routes known = routes;
    if (known == null) {
      known = sorted(read());
      routes = known;
    }
    return known;
  }

  private static Map<String, SortedSet<String>> read() {
    Map<String, SortedSet<String>> byTemplate = new TreeMap<>();
    RuntimeResourceVisitor.visitRuntimeResources(
        "",
        ResteasyReactiveRecorder.getCurrentDeployment().getClassMappers(),
        new RuntimeResourceVisitor() {
          @Override
          public void visitRuntimeResource(String method, String path, RuntimeResource resource) {
            byTemplate
                .computeIfAbsent(
                    PARAMETER.matcher(plain(path)).replaceAll("{}"),
                    _ -> new TreeSet<>(Set.of(HttpMethod.OPTIONS)))
                .addAll(
                    method.equals(HttpMethod.GET)
                        ? Set.of(method, HttpMethod.HEAD)
                        : Set.of(method));
          }
        });
    return byTemplate;
  }

  private static Routes sorted(Map<String, SortedSet<String>> byTemplate) {
    Map<String, SortedSet<String>> literal = new HashMap<>();
    List<Route> templates = new ArrayList<>();
    byTemplate.forEach(
        (template, methods) -> {
          if (template.contains("{}")) {
            templates.add(new Route(pattern(template), methods));
          } else {
            literal.put(template, methods);
          }
        });
    return new Routes(literal, templates);
  }

  private static Pattern pattern(String template) {
    return Pattern.compile("\\Q" + template.replace("{}", "\\E[^/]+\\Q") + "\\E");
  }
}
