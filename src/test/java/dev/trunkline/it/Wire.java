package dev.trunkline.it;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The wire between a process and its database: it can be cut so that both ends notice, can swallow
 * everything so that neither does, and can be mended. A TCP proxy in this process.
 *
 * <p>What was sent into a wire that swallows is not lost but late, as TCP repeats it until an
 * answer comes: when the wire is mended, the database gets it, also from a process that has given
 * up waiting.
 */
final class Wire implements AutoCloseable {

  private final ServerSocket door;
  private volatile int target;
  private final Set<Link> links = ConcurrentHashMap.newKeySet();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition mended = lock.newCondition();
  private boolean swallowing;

  /** To a server on this machine. */
  Wire(int target) {
    this.target = target;
    try {
      door = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofPlatform().daemon().name("wire").start(this::answer);
  }

  int port() {
    return door.getLocalPort();
  }

  /** Connections that are made from now on lead to another server; those that there are, do not. */
  void leadTo(int server) {
    target = server;
  }

  /** Ends every connection by a reset, at both ends. New ones can be made at once. */
  void reset() {
    links.forEach(Link::reset);
  }

  /** From now on nothing arrives any more, and no connection ends. New ones get no answer. */
  void swallow() {
    setSwallowing(true);
  }

  /** Everything arrives again, what was held back first. */
  void mend() {
    setSwallowing(false);
  }

  /**
   * The connections that there are now are dead for ever, and nobody is told: as with a firewall
   * that has forgotten them. New ones work.
   */
  void forget() {
    links.forEach(Link::forget);
  }

  @Override
  public void close() {
    try {
      door.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    mend();
    reset();
  }

  private void answer() {
    while (!door.isClosed()) {
      try {
        Link link = new Link(door.accept());
        links.add(link);
        Thread.ofVirtual().start(link::connect);
      } catch (IOException e) {
        // The door was closed, or the one who knocked has gone.
      }
    }
  }

  private void setSwallowing(boolean value) {
    lock.lock();
    try {
      swallowing = value;
      mended.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void awaitMended() {
    lock.lock();
    try {
      while (swallowing) {
        mended.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }

  /** One connection, and its continuation to the server. */
  private final class Link {
    private final Socket near;
    private final Socket far = new Socket();
    private volatile boolean forgotten;

    Link(Socket near) {
      this.near = near;
    }

    void connect() {
      try {
        near.setTcpNoDelay(true);
        awaitMended();
        far.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target));
        far.setTcpNoDelay(true);
        Thread.ofVirtual().start(() -> carry(far, near));
        carry(near, far);
      } catch (IOException e) {
        reset();
      }
    }

    private void carry(Socket from, Socket to) {
      byte[] bytes = new byte[8192];
      try {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        for (int n; (n = in.read(bytes)) >= 0; ) {
          awaitMended();
          if (forgotten) {
            return;
          }
          out.write(bytes, 0, n);
        }
        awaitMended();
        if (!forgotten) {
          end(false);
        }
      } catch (IOException e) {
        if (!forgotten) {
          reset();
        }
      }
    }

    void forget() {
      forgotten = true;
    }

    void reset() {
      end(true);
    }

    private void end(boolean hard) {
      links.remove(this);
      for (Socket socket : new Socket[] {near, far}) {
        try (socket) {
          if (hard && !socket.isClosed()) {
            socket.setSoLinger(true, 0);
          }
        } catch (IOException e) {
          // It is gone already.
        }
      }
    }
  }
}
