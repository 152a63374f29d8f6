package dev.trunkline.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.trunkline.config.TestConfig;
import dev.trunkline.task.Refusal;
import dev.trunkline.task.RefusedException;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WaitsTest {

  private final Waits waits =
      new Waits(
          TestConfig.with(
              Map.of("trunkline.limits.waits", "3", "trunkline.limits.waits-per-client", "2")),
          new CurrentVertxRequest());

  @Test
  void aClientMayHaveSoManyOpenAndAnotherOneAsWell() {
    waits.begin("a");
    waits.begin("a");

    assertRefused("a", new Refusal.TooManyWaits("this client", 2));
    assertThat(waits.open()).isEqualTo(2);
    waits.begin("b");
  }

  @Test
  void allTogetherMayHaveSoManyOpen() {
    waits.begin("a");
    waits.begin("b");
    waits.begin("c");

    assertRefused("d", new Refusal.TooManyWaits("the service", 3));
  }

  @Test
  void aWaitThatIsOverMakesRoomOnceHoweverOftenItIsClosed() {
    Waits.Wait first = waits.begin("a");
    waits.begin("a");

    first.close();
    first.close();

    assertThat(waits.open()).isEqualTo(1);
    waits.begin("a");
    assertRefused("a", new Refusal.TooManyWaits("this client", 2));
  }

  @Test
  void nothingIsLeftOfClientsThatHaveGone() throws InterruptedException {
    List<Thread> clients = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      clients.add(Thread.ofVirtual().start(this::comeAndGo));
    }
    for (Thread client : clients) {
      client.join();
    }

    assertThat(waits.open()).isZero();
    assertThat(waits).extracting("perClient").isEqualTo(Map.of());
  }

  private void comeAndGo() {
    for (int i = 0; i < 100; i++) {
      try (Waits.Wait wait = waits.begin("c" + i % 5)) {
        assertThat(wait).isNotNull();
      } catch (RefusedException full) {
        Thread.onSpinWait();
      }
    }
  }

  private void assertRefused(String client, Refusal refusal) {
    assertThatThrownBy(() -> waits.begin(client))
        .isInstanceOfSatisfying(
            RefusedException.class, refused -> assertThat(refused.refusal()).isEqualTo(refusal));
  }
}
