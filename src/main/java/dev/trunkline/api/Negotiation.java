package dev.trunkline.api;

import static java.util.Comparator.comparingInt;

import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.NotAcceptableException;
import jakarta.ws.rs.NotSupportedException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jboss.resteasy.reactive.common.util.ServerMediaType;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jboss.resteasy.reactive.server.core.CurrentRequestManager;
import org.jboss.resteasy.reactive.server.mapping.RuntimeResource;

/**
 * What HTTP says about media types and Quarkus does not look at, after it has chosen a method: a
 * weight of zero rules a type out (RFC 9110, 12.4.2); a body needs a Content-Type, lest a page in a
 * browser may send it without being asked (Fetch, 3.3.5); JSON is UTF-8 (RFC 8259, 8.1); and no
 * content coding is undone here (RFC 9110, 8.4).
 */
class Negotiation {

  @ServerRequestFilter
  void check(RoutingContext context) {
    RuntimeResource target = CurrentRequestManager.get().getTarget();
    ServerMediaType produced = target.getProduces();
    if (produced != null) {
      refuseUnlessAcceptable(context, produced.getSortedOriginalMediaTypes());
    }
    if (hasBody(context) && !target.getConsumes().isEmpty()) {
      refuseUnlessReadable(context, target.getConsumes());
    }
  }

  private static void refuseUnlessAcceptable(RoutingContext context, MediaType[] produced) {
    List<MediaType> ranges = mediaTypes(context.request().headers().getAll(HttpHeaders.ACCEPT));
    if (ranges.isEmpty()) {
      return;
    }
    for (MediaType type : produced) {
      if (weight(ranges, type) > 0) {
        return;
      }
    }
    throw new NotAcceptableException();
  }

  /** Those of a header that can be read. Most requests have no such line, or one. */
  private static List<MediaType> mediaTypes(List<String> lines) {
    if (lines.isEmpty()) {
      return List.of();
    }
    List<MediaType> types = new ArrayList<>();
    for (String part : String.join(",", lines).split(",", -1)) {
      try {
        types.add(MediaType.valueOf(part.strip()));
      } catch (IllegalArgumentException e) {
        // Quarkus has found another one that will do.
      }
    }
    return types;
  }

  /** Of the range that says most about the type (RFC 9110, 12.5.1). */
  private static double weight(List<MediaType> ranges, MediaType type) {
    return ranges.stream()
        .filter(range -> range.isCompatible(type))
        .max(comparingInt(Negotiation::precision).thenComparingDouble(Negotiation::weight))
        .map(Negotiation::weight)
        .orElse(0.0);
  }

  private static int precision(MediaType range) {
    return (range.isWildcardType() ? 0 : 1) + (range.isWildcardSubtype() ? 0 : 1);
  }

  private static double weight(MediaType range) {
    try {
      return Double.parseDouble(range.getParameters().getOrDefault("q", "1"));
    } catch (NumberFormatException e) {
      return 1;
    }
  }

  private static boolean hasBody(RoutingContext context) {
    String length = context.request().getHeader(HttpHeaders.CONTENT_LENGTH);
    boolean announced = length != null && !length.equals("0");
    return announced || context.request().getHeader("Transfer-Encoding") != null;
  }

  private static void refuseUnlessReadable(RoutingContext context, List<MediaType> consumed) {
    String coding = context.request().getHeader(HttpHeaders.CONTENT_ENCODING);
    if (coding != null && !coding.equalsIgnoreCase("identity")) {
      throw notSupported(HttpHeaders.ACCEPT_ENCODING, "identity");
    }
    List<MediaType> types = mediaTypes(context.request().headers().getAll("Content-Type"));
    if (types.size() != 1 || types.getFirst().isWildcardSubtype() || !isUtf8(types.getFirst())) {
      throw notSupported(HttpHeaders.ACCEPT, consumed.getFirst().toString());
    }
  }

  private static boolean isUtf8(MediaType type) {
    String charset = type.getParameters().get(MediaType.CHARSET_PARAMETER);
    return charset == null || charset.toLowerCase(Locale.ROOT).matches("utf-?8");
  }

  private static NotSupportedException notSupported(String header, String right) {
    return new NotSupportedException(
        Response.status(Response.Status.UNSUPPORTED_MEDIA_TYPE).header(header, right).build());
  }
}
