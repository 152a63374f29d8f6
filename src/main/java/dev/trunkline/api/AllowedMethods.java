package dev.trunkline.api;

import io.quarkus.resteasy.reactive.server.runtime.ResteasyReactiveRecorder;
import jakarta.inject.Singleton;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
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

  /** One method at one template of paths. */
  private record Route(String method, Pattern path) {}

  private volatile @Nullable List<Route> routes;

  /** The methods at this path, and OPTIONS; empty where there is nothing at all. */
  SortedSet<String> at(String path) {
    String plain = plain(path);
    SortedSet<String> methods =
        routes().stream()
            .filter(route -> route.path().matcher(plain).matches())
            .map(Route::method)
            .collect(Collectors.toCollection(TreeSet::new));
    if (methods.contains(HttpMethod.GET)) {
      methods.add(HttpMethod.HEAD);
    }
    if (!methods.isEmpty()) {
      methods.add(HttpMethod.OPTIONS);
    }
    return methods;
  }

  @ServerRequestFilter(preMatching = true)
  Optional<Response> options(ContainerRequestContext request) {
    if (!request.getMethod().equals(HttpMethod.OPTIONS)) {
      return Optional.empty();
    }
    Set<String> methods = at(request.getUriInfo().getPath());
    if (methods.isEmpty()) {
      throw new NotFoundException();
    }
    return Optional.of(
        Response.noContent().header(HttpHeaders.ALLOW, String.join(", ", methods)).build());
  }

  /** As the routes are matched: without a slash at the end, and with one in between. */
  private static String plain(String path) {
    String single = SLASHES.matcher(path).replaceAll("/");
    boolean ends = single.length() > 1 && single.endsWith("/");
    return ends ? single.substring(0, single.length() - 1) : single;
  }

  /** They are complete once the first request is served. */
  private List<Route> routes() {
    List<Route> known = routes;
    if (known == null) {
      known = List.copyOf(read());
      routes = known;
    }
    return known;
  }

  private static List<Route> read() {
    List<Route> read = new ArrayList<>();
    RuntimeResourceVisitor.visitRuntimeResources(
        "",
        ResteasyReactiveRecorder.getCurrentDeployment().getClassMappers(),
        new RuntimeResourceVisitor() {
          @Override
          public void visitRuntimeResource(String method, String path, RuntimeResource resource) {
            read.add(new Route(method, pattern(path)));
          }
        });
    return read;
  }

  private static Pattern pattern(String template) {
    String text = PARAMETER.matcher(plain(template)).replaceAll("\\\\E[^/]+\\\\Q");
    return Pattern.compile("\\Q" + text + "\\E");
  }
}
