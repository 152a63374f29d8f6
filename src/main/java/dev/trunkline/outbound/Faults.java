package dev.trunkline.outbound;

import io.netty.handler.codec.TooLongFrameException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/** What went wrong below HTTP, said in a sentence that tells nothing of the network behind us. */
final class Faults {

  private Faults() {}

  static OutboundException of(Throwable fault, String host) {
    if (fault instanceof OutboundException known) {
      return known;
    }
    if (causedBy(fault, TooLongFrameException.class)) {
      return new OutboundException.Refused(
          "the header of the answer of %s is longer than %d bytes"
              .formatted(host, OutboundClient.MOST_HEADER_BYTES));
    }
    return new OutboundException.Failed(sentence(fault).formatted(host), fault);
  }

  private static String sentence(Throwable fault) {
    if (causedBy(fault, UnknownHostException.class)) {
      return "the host name %s has no address at the moment";
    }
    if (causedBy(fault, SSLException.class)) {
      return "no trusted TLS connection to %s could be made";
    }
    if (causedBy(fault, ConnectException.class)) {
      return "%s could not be connected to";
    }
    return "the connection to %s broke before the answer was complete";
  }

  private static boolean causedBy(Throwable fault, Class<? extends Throwable> type) {
    return Stream.iterate(fault, link -> link != null, Throwable::getCause)
        .limit(10)
        .anyMatch(type::isInstance);
  }
}
