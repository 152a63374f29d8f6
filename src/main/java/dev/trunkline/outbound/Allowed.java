package dev.trunkline.outbound;

/** One entry of {@code trunkline.outbound.allow}, read. */
sealed interface Allowed {

  /** A host name that may be reached wherever it is. */
  record Host(String name) implements Allowed {}

  /** Addresses that may be reached by any name. */
  record Block(Network network) implements Allowed {}

  /** An entry that is neither, and why. */
  record Fault(String text, String reason) implements Allowed {}

  static Allowed parse(String entry) {
    String text = entry.strip();
    try {
      return text.contains("/") || text.contains(":") ? block(text) : hostOrAddress(text);
    } catch (OutboundException e) {
      return new Fault(text, e.reason());
    } catch (IllegalArgumentException e) {
      return new Fault(text, String.valueOf(e.getMessage()));
    }
  }

  private static Allowed hostOrAddress(String text) throws OutboundException {
    String host = HostName.normalised(text);
    return HostName.isAddress(host) ? block(host) : new Host(host);
  }

  private static Allowed block(String text) {
    return new Block(Network.parse(text));
  }
}
