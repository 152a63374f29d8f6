package dev.trunkline.api;

import dev.trunkline.database.SqlFault;
import dev.trunkline.task.RefusedException;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.ResponseBuilder;
import jakarta.ws.rs.core.UriInfo;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Turns whatever is thrown into {@code application/problem+json}, never with its inner details. */
class ProblemMappers {

  private static final Logger LOG = Logger.getLogger(ProblemMappers.class);
  private static final int RETRY_AFTER_SECONDS = 2;

  @ServerExceptionMapper
  Response refused(RefusedException refused, UriInfo uri) {
    Problem problem = Problems.of(refused.refusal());
    ResponseBuilder answer = answer(problem, uri);
    if (problem.status() == 429) {
      answer.header(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
    }
    return answer.build();
  }

  /** No credentials; the header as RFC 6750, section 3, wants it. */
  @ServerExceptionMapper
  Response nobody(UnauthorizedException exception, UriInfo uri) {
    return challenge(Problems.ofStatus(401), "Bearer", uri);
  }

  @ServerExceptionMapper
  Response unknown(AuthenticationFailedException exception, UriInfo uri) {
    return challenge(Problems.invalidToken(), "Bearer error=\"invalid_token\"", uri);
  }

  @ServerExceptionMapper
  Response forbidden(ForbiddenException exception, UriInfo uri) {
    return challenge(Problems.ofStatus(403), "Bearer error=\"insufficient_scope\"", uri);
  }

  @ServerExceptionMapper
  Response http(WebApplicationException exception, UriInfo uri) {
    Response response = exception.getResponse();
    if (response.getStatus() < 400) {
      return response;
    }
    ResponseBuilder answer = answer(Problems.ofStatus(response.getStatus()), uri);
    Optional.ofNullable(response.getHeaderString(HttpHeaders.ALLOW))
        .ifPresent(allow -> answer.header(HttpHeaders.ALLOW, allow));
    return answer.build();
  }

  @ServerExceptionMapper
  Response anything(Throwable thrown, UriInfo uri) {
    Optional<SqlFault> fault = SqlFault.behind(thrown);
    Problem problem = fault.map(Problems::of).orElseGet(Problems::internal);
    if (problem.status() == 500) {
      LOG.errorf(thrown, "%s failed", uri.getPath());
    }
    ResponseBuilder answer = answer(problem, uri);
    if (problem.status() == 503) {
      LOG.debugf(thrown, "%s met no database", uri.getPath());
      answer.header(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
    }
    return answer.build();
  }

  private static Response challenge(Problem problem, String challenge, UriInfo uri) {
    return answer(problem, uri).header(HttpHeaders.WWW_AUTHENTICATE, challenge).build();
  }

  private static ResponseBuilder answer(Problem problem, UriInfo uri) {
    return Response.status(problem.status())
        .type(Problem.MEDIA_TYPE)
        .entity(problem.withInstance(uri.getRequestUri().getRawPath()));
  }
}
