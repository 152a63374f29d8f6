package dev.trunkline.api;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Bytes in a temporary file, first in, first out. The file starts over whenever all is taken. On
 * POSIX systems it has no name once it is open, so that nothing is left of it after a crash. Not
 * thread-safe.
 */
final class Spool implements AutoCloseable {

  private final UnreadSpace space;
  private final FileChannel file;
  private long added;
  private long taken;

  private Spool(UnreadSpace space, FileChannel file) {
    this.space = space;
    this.file = file;
  }

  static Spool open(UnreadSpace space) throws IOException {
    Path path = Files.createTempFile("trunkline-answers-", null);
    return new Spool(
        space,
        FileChannel.open(
            path,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE));
  }

  boolean isEmpty() {
    return taken == added;
  }

  /**
   * Adds all of it or nothing.
   *
   * @return false where there is no space for it
   */
  boolean add(byte[] bytes) throws IOException {
    if (added + bytes.length > space.share() || !space.take(bytes.length)) {
      return false;
    }
    try {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        file.write(buffer, added + buffer.position());
      }
    } catch (IOException e) {
      space.giveBack(bytes.length);
      throw e;
    }
    added += bytes.length;
    return true;
  }

  /** The next bytes; fewer than asked for only where there are no more. */
  byte[] take(int atMost) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(atMost, added - taken));
    while (buffer.hasRemaining() && file.read(buffer, taken + buffer.position()) >= 0) {
      // Until it is full; a read may bring less than was asked for.
    }
    taken += buffer.capacity();
    if (isEmpty()) {
      startOver();
    }
    return buffer.array();
  }

  @Override
  public void close() {
    space.giveBack(added);
    added = 0;
    taken = 0;
    try {
      file.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void startOver() throws IOException {
    file.truncate(0);
    space.giveBack(added);
    added = 0;
    taken = 0;
  }
}
