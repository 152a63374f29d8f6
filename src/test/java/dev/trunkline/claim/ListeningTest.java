package dev.trunkline.claim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trunkline.LogListener;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ListeningTest {

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Listening listening = new Listening(meters);
  private final LogListener log = new LogListener(Listening.class.getName());

  @AfterEach
  void detach() {
    log.close();
  }

  @Test
  void it_is_not_believed_before_it_is_proven() {
    listening.publish();

    assertThat(listening.longestPause()).isEqualTo(Duration.ofSeconds(1));
    assertThat(gauge()).isZero();

    listening.heard();
    assertThat(listening.longestPause()).isEqualTo(DispatchLoop.LONGEST_PAUSE);
    assertThat(gauge()).isEqualTo(1);
  }

  @Test
  void who_is_deaf_polls_and_says_so_once() {
    listening.publish();
    listening.heard();

    listening.deaf();
    listening.deaf();
    listening.lost();
    listening.deaf();

    assertThat(listening.longestPause()).isEqualTo(Duration.ofSeconds(1));
    assertThat(gauge()).isZero();
    assertThat(logged()).containsExactly("WARN");
  }

  @Test
  void who_hears_again_says_so_and_may_warn_again() {
    listening.deaf();
    listening.heard();
    listening.heard();
    listening.deaf();

    assertThat(logged()).containsExactly("WARN", "INFO", "WARN");
  }

  @Test
  void a_connection_that_is_lost_is_no_news_but_a_reason_to_poll() {
    listening.heard();

    listening.lost();

    assertThat(listening.longestPause()).isEqualTo(Duration.ofSeconds(1));
    assertThat(logged()).isEmpty();
  }

  private List<String> logged() {
    return log.heard().stream().map(line -> line.getLevel().getName()).toList();
  }

  private double gauge() {
    return meters.get("trunkline.listening").gauge().value();
  }
}
