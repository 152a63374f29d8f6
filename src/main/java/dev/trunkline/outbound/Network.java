package dev.trunkline.outbound;

import java.math.BigInteger;
import java.net.InetAddress;
import java.util.Arrays;

/**
 * A block of addresses of one family, such as {@code 10.0.0.0/8}.
 *
 * @param base its first address
 * @param prefix how many leading bits all its addresses share
 */
record Network(InetAddress base, int prefix) {

  Network {
    int width = base.getAddress().length * 8;
    BigInteger bits = new BigInteger(1, base.getAddress());
    if (prefix < 0 || prefix > width) {
      throw new IllegalArgumentException("the prefix length must be 0 to " + width);
    }
    if (bits.signum() != 0 && bits.getLowestSetBit() < width - prefix) {
      throw new IllegalArgumentException("the address has bits set beyond the prefix");
    }
  }

  /**
   * The network that a text names.
   *
   * @param text an address, or an address, a slash and a prefix length
   * @throws IllegalArgumentException for any other text
   */
  static Network parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      InetAddress address = InetAddress.ofLiteral(text);
      return new Network(address, address.getAddress().length * 8);
    }
    InetAddress base = InetAddress.ofLiteral(text.substring(0, slash));
    return new Network(base, Integer.parseInt(text.substring(slash + 1)));
  }

  boolean contains(InetAddress address) {
    byte[] one = base.getAddress();
    byte[] other = address.getAddress();
    return one.length == other.length
        && Arrays.equals(one, 0, prefix / 8, other, 0, prefix / 8)
        && restEqual(one, other);
  }

  private boolean restEqual(byte[] one, byte[] other) {
    int bits = prefix % 8;
    if (bits == 0) {
      return true;
    }
    int difference = (one[prefix / 8] ^ other[prefix / 8]) & 0xff;
    return difference >>> (8 - bits) == 0;
  }
}
