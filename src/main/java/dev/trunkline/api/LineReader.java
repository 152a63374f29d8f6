package dev.trunkline.api;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a stream of bytes into lines, of which it never keeps more than one. Lines end with a line
 * feed, the last one also without. Not thread-safe.
 */
final class LineReader {

  private static final int BUFFER = 1 << 14;

  private final InputStream in;
  private final int longest;
  private final byte[] buffer = new byte[BUFFER];
  private int next;
  private int end;
  private long number;

  /**
   * @param longest the bytes of a line, without its end
   */
  LineReader(InputStream in, int longest) {
    this.in = in;
    this.longest = longest;
  }

  /** The next line; null after the last one. Waits until it is whole. */
  @Nullable Line next() throws IOException {
    if (!fill()) {
      return null;
    }
    number++;
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    boolean tooLong = false;
    do {
      int length = lengthHere();
      tooLong |= line.size() + length > longest;
      if (!tooLong) {
        line.write(buffer, next, length);
      }
      next += length;
    } while (next == end && fill());
    // Past the line feed, where it did not end with the stream.
    next = Math.min(next + 1, end);
    return new Line(number, tooLong ? new byte[0] : line.toByteArray(), tooLong);
  }

  /** Bytes up to a line feed, or to the end of what is buffered. */
  private int lengthHere() {
    int i = next;
    while (i < end && buffer[i] != '\n') {
      i++;
    }
    return i - next;
  }

  /** Whether there is a byte to be had. */
  private boolean fill() throws IOException {
    if (next < end) {
      return true;
    }
    next = 0;
    end = Math.max(0, in.read(buffer));
    return end > 0;
  }

  /** A line as it came. */
  static final class Line {

    private final long number;
    private final byte[] bytes;
    private final boolean tooLong;

    private Line(long number, byte[] bytes, boolean tooLong) {
      this.number = number;
      this.bytes = bytes;
      this.tooLong = tooLong;
    }

    /** From 1; blank lines count. */
    long number() {
      return number;
    }

    /** Without the line's end; none where it is too long. */
    byte[] bytes() {
      return bytes;
    }

    boolean tooLong() {
      return tooLong;
    }

    boolean isBlank() {
      if (tooLong) {
        return false;
      }
      for (byte b : bytes) {
        if (b != ' ' && b != '\t' && b != '\r') {
          return false;
        }
      }
      return true;
    }
  }
}
