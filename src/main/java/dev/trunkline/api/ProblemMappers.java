package dev.trunkline.api;

import dev.trunkline.task.RefusedException;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.ResponseBuilder;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Turns whatever is thrown into {@code application/problem+json}, never with its inner details. */
class ProblemMappers {

  private static final Logger LOG = Logger.getLogger(ProblemMappers.class);

  /** What an exception of the framework says beside its status, and a client should hear. */
  private static final List<String> KEPT =
      List.of(
          HttpHeaders.ALLOW,
          HttpHeaders.ACCEPT,
          HttpHeaders.ACCEPT_ENCODING,
          HttpHeaders.RETRY_AFTER,
          HttpHeaders.WWW_AUTHENTICATE);

  private final AllowedMethods methods;

  ProblemMappers(AllowedMethods methods) {
    this.methods = methods;
  }

  @ServerExceptionMapper
  Response refused(RefusedException refused, RoutingContext context) {
    return answer(Problems.of(refused.refusal()), context).build();
  }

  /** No credentials; the header as RFC 6750, section 3, wants it. */
  @ServerExceptionMapper
  Response nobody(UnauthorizedException exception, RoutingContext context) {
    return challenge(Problems.ofStatus(401), "Bearer", context);
  }

  @ServerExceptionMapper
  Response unknown(AuthenticationFailedException exception, RoutingContext context) {
    return challenge(Problems.invalidToken(), "Bearer error=\"invalid_token\"", context);
  }

  @ServerExceptionMapper
  Response forbidden(ForbiddenException exception, RoutingContext context) {
    return challenge(Problems.ofStatus(403), "Bearer error=\"insufficient_scope\"", context);
  }

  @ServerExceptionMapper
  Response http(WebApplicationException exception, RoutingContext context) {
    Response response = exception.getResponse();
    if (response.getStatus() < 400) {
      return response;
    }
    SortedSet<String> there = methods.at(context.request().path());
    int status = status(response, there, context);
    ResponseBuilder answer = answer(Problems.ofStatus(status), context);
    if (status == Response.Status.METHOD_NOT_ALLOWED.getStatusCode()) {
      answer.header(HttpHeaders.ALLOW, AllowedMethods.inWords(there));
    }
    for (String header : KEPT) {
      Optional.ofNullable(response.getHeaderString(header))
          .ifPresent(value -> answer.header(header, value));
    }
    return answer.build();
  }

  /**
   * Where the paths of several classes fit, Quarkus looks at one of them only, and finds nothing
   * there for a method that another path has.
   */
  private static int status(Response response, SortedSet<String> there, RoutingContext context) {
    boolean otherMethods = !there.isEmpty() && !there.contains(context.request().method().name());
    return response.getStatus() == Response.Status.NOT_FOUND.getStatusCode() && otherMethods
        ? Response.Status.METHOD_NOT_ALLOWED.getStatusCode()
        : response.getStatus();
  }

  @ServerExceptionMapper
  Response anything(Throwable thrown, RoutingContext context) {
    Problem problem = Problems.of(thrown);
    // Nobody is there to hear of it, and most often that is all there is to say.
    boolean gone = context.response().closed() || ClientGone.isBehind(thrown);
    int status = gone ? 0 : problem.status();
    switch (status) {
      case 500 -> LOG.errorf(thrown, "%s failed", context.request().path());
      case 503 -> LOG.debugf(thrown, "%s could not be served", context.request().path());
      default -> LOG.debugf(thrown, "%s was refused", context.request().path());
    }
    return answer(problem, context).build();
  }

  private static Response challenge(Problem problem, String challenge, RoutingContext context) {
    return answer(problem, context).header(HttpHeaders.WWW_AUTHENTICATE, challenge).build();
  }

  private static ResponseBuilder answer(Problem problem, RoutingContext context) {
    ResponseBuilder answer =
        Response.status(problem.status())
            .type(Problem.MEDIA_TYPE)
            .entity(problem.withInstance(Instance.of(context.request())));
    if (problem.status() == Response.Status.REQUEST_ENTITY_TOO_LARGE.getStatusCode()) {
      BodyLimit.closeAfterwards(context);
    }
    RetryAfter.seconds(problem)
        .ifPresent(seconds -> answer.header(HttpHeaders.RETRY_AFTER, seconds));
    return answer;
  }
}
