package dev.trunkline.outbound;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The redirects of one request (RFC 9110, 15.4), followed by hand so that each target is checked
 * like the first URL. Not from https to http: that would show the rest of the way to everyone on
 * it. Not thread-safe.
 */
final class Redirects {

  private static final Set<Integer> STATUSES = Set.of(301, 302, 303, 307, 308);

  private final int most;
  private final Set<String> seen = new HashSet<>();
  private int followed;

  Redirects(int most) {
    this.most = most;
  }

  /** Whether an answer is a redirect that is to be followed, so that its body does not matter. */
  static boolean follows(Hop hop, int status, boolean hasLocation) {
    return hop.followRedirects() && hasLocation && STATUSES.contains(status);
  }

  /**
   * The request that comes after this answer; empty where the answer is the last.
   *
   * @throws OutboundException.Refused over the limit, in a circle, or from https to http
   */
  Optional<Hop> next(Hop hop, OutboundResponse answer) throws OutboundException {
    Optional<String> location = answer.header("Location");
    if (!follows(hop, answer.status(), location.isPresent())) {
      return Optional.empty();
    }
    seen.add(hop.method() + " " + hop.url());
    Hop next = asked(hop, answer.status()).to(hop.url().resolve(location.orElseThrow()));
    refuseEndless(next);
    refuseDowngrade(hop, next);
    return Optional.of(next);
  }

  /** 303 always asks for a GET; 301 and 302 turn a POST into one, as every browser does. */
  private static Hop asked(Hop hop, int status) {
    boolean toGet =
        status == 303 ? !hop.method().equals("HEAD") : status < 303 && hop.method().equals("POST");
    return toGet ? hop.asGet() : hop;
  }

  private void refuseEndless(Hop next) throws OutboundException {
    if (seen.contains(next.method() + " " + next.url())) {
      throw new OutboundException.Refused("the redirects go round in a circle");
    }
    followed++;
    if (followed > most) {
      throw new OutboundException.Refused("more than %d redirects".formatted(most));
    }
  }

  private static void refuseDowngrade(Hop hop, Hop next) throws OutboundException {
    if (hop.url().secure() && !next.url().secure()) {
      throw new OutboundException.Refused("a redirect from https to http is not followed");
    }
  }
}
