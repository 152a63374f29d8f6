package dev.trunkline.bench.peers;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/**
 * The line protocol that the harness speaks with every peer: one command per line of stdin, exactly
 * one line of JSON on stdout for each. All that is measured alike for every queue is measured by
 * {@link Measurements}.
 */
final class Protocol {
  private static final Duration SEVEN_DAYS = Duration.ofDays(7);
  private static final String ENVELOPE = "{\"text\":\"\"}";
  private static final String LETTERS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

  private final ObjectMapper json = new ObjectMapper();
  private final PrintStream answers = System.out;
  private final Peer peer;
  private final Measurements measurements;

  private Protocol(Peer peer) {
    this.peer = peer;
    this.measurements = new Measurements(peer);
  }

  /** Answers the commands of stdin with what the peer does, until {@code quit} or their end. */
  static void serve(Peer peer) throws Exception {
    var protocol = new Protocol(peer);
    System.setOut(System.err);
    try (peer) {
      protocol.answerAll();
    }
    // A library may keep threads that are not daemons.
    System.exit(0);
  }

  /** Whether the first argument of the program asks for the fastest documented settings. */
  static boolean isTuned(String[] arguments) {
    return switch (arguments.length == 0 ? "" : arguments[0]) {
      case "tuned" -> true;
      case "default" -> false;
      default -> throw new IllegalArgumentException("the first argument is default or tuned");
    };
  }

  private void answerAll() throws Exception {
    var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (var line = lines.readLine(); line != null; line = lines.readLine()) {
      var words = line.strip().split("\\s+");
      if (words[0].equals("quit")) {
        return;
      }
      answers.println(json.writeValueAsString(answer(words)));
      answers.flush();
    }
  }

  private Object answer(String[] words) {
    try {
      var numbers = Arrays.stream(words).skip(1).mapToDouble(Double::parseDouble).toArray();
      return run(words[0], numbers);
    } catch (Exception | LinkageError e) {
      e.printStackTrace();
      return Map.of("error", e.toString());
    }
  }

  private Object run(String command, double... numbers) throws Exception {
    return switch (command) {
      case "setup" -> peer.setup();
      case "load" -> store((int) numbers[0], (int) numbers[1], Optional.empty());
      case "schedule" ->
          store((int) numbers[0], (int) numbers[1], Optional.of(Instant.now().plus(SEVEN_DAYS)));
      case "drain" -> measurements.drain((int) numbers[0]);
      case "submit" ->
          measurements.submit((int) numbers[0], seconds(numbers[1]), text((int) numbers[2], ""));
      case "latency" -> latency(numbers[0], numbers[1], (int) numbers[2]);
      case "idle" -> measurements.idle(seconds(numbers[0]));
      default -> throw new IllegalArgumentException("no such command: " + command);
    };
  }

  private Object store(int count, int bytes, Optional<Instant> due) throws Exception {
    return measurements.store(count, text(bytes, ""), due);
  }

  private Object latency(double rate, double seconds, int bytes) throws Exception {
    var count = (int) Math.round(rate * seconds);
    var texts = new String[count];
    Arrays.setAll(texts, number -> text(bytes, number + " "));
    return measurements.latency(texts, Duration.ofNanos(Math.round(1e9 / rate)));
  }

  /** The text of a payload of that many bytes as JSON, which begins as given. */
  private static String text(int bytes, String beginning) {
    var length = bytes - ENVELOPE.length();
    if (beginning.length() > length || length < 0) {
      throw new IllegalArgumentException("a payload of " + bytes + " bytes is too small");
    }
    return beginning + filler(length - beginning.length());
  }

  /** Text that does not compress: the upper bits of a linear congruential generator. */
  private static String filler(int length) {
    var text = new StringBuilder(length);
    for (int i = 0, state = 1; i < length; i++) {
      state = state * 1_664_525 + 1_013_904_223;
      text.append(LETTERS.charAt(state >>> 26));
    }
    return text.toString();
  }

  private static Duration seconds(double seconds) {
    return Duration.ofNanos(Math.round(seconds * 1e9));
  }
}
