package dev.trunkline.handlers.chess;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The process of an engine, and its two pipes. A read from a pipe cannot be interrupted, so a
 * thread of its own reads into a queue, where waiting can be; a platform thread, since a blocked
 * read would take a carrier from the virtual ones. It lives as long as the process.
 *
 * <p>{@link #send} and {@link #receive} are for one thread at a time, {@link #kill} for any.
 */
final class EngineProcess {

  /** A reader that meets a full queue waits: an engine cannot fill the heap with chatter. */
  private static final int LINES_AHEAD = 1_000;

  private static final Duration DEATH = Duration.ofSeconds(5);

  private final Process process;
  private final Writer input;
  private final Thread reader;

  /** What was read; empty at the end of the output. */
  private final BlockingQueue<Optional<String>> lines = new LinkedBlockingQueue<>(LINES_AHEAD);

  private EngineProcess(Process process) {
    this.process = process;
    this.input = process.outputWriter(StandardCharsets.US_ASCII);
    this.reader = Thread.ofPlatform().daemon().name("chess-engine-output").unstarted(this::read);
  }

  static EngineProcess start(Path executable) throws EngineException {
    try {
      ProcessBuilder builder = new ProcessBuilder(executable.toString());
      EngineProcess started =
          new EngineProcess(builder.redirectError(ProcessBuilder.Redirect.DISCARD).start());
      started.reader.start();
      return started;
    } catch (IOException e) {
      throw new EngineException("the chess engine cannot be started", e);
    }
  }

  /** Writes one command. */
  void send(String command) throws EngineException {
    try {
      input.write(command + "\n");
      input.flush();
    } catch (IOException e) {
      throw new EngineException("the chess engine has ended", e);
    }
  }

  /** The next line of output; fails when there is no more, or none by the deadline. */
  String receive(Deadline deadline) throws EngineException, InterruptedException {
    Optional<String> line = lines.poll(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
    if (line == null || deadline.remaining().isNegative()) {
      throw new EngineException("the chess engine does not answer");
    }
    return line.orElseThrow(() -> new EngineException("the chess engine has ended"));
  }

  boolean isAlive() {
    return process.isAlive();
  }

  long pid() {
    return process.pid();
  }

  /**
   * Ends the process, and what it started in case it is a script. Returns when it is gone, so that
   * its successor never runs beside it.
   */
  void kill() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    reader.interrupt();
    process.onExit().completeOnTimeout(process, DEATH.toSeconds(), TimeUnit.SECONDS).join();
  }

  private void read() {
    try {
      readLines();
      lines.put(Optional.empty());
    } catch (InterruptedException e) {
      lines.clear();
      lines.add(Optional.empty());
    }
  }

  private void readLines() throws InterruptedException {
    try (BufferedReader output = process.inputReader(StandardCharsets.US_ASCII)) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        lines.put(Optional.of(line));
      }
    } catch (IOException e) {
      // The process was killed while its output was read, which is just another end of it.
    }
  }
}
