package dev.trunkline.execute;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trunkline.inspect.TaskReader;
import dev.trunkline.submit.Submission;
import dev.trunkline.submit.TaskQueue;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

@QuarkusTest
class HandlersRunOutsideResourceTest {

  /** Far more than there are connections in the pool. */
  static final int CROWD = 60;

  @Inject TaskQueue queue;
  @Inject TaskReader tasks;

  @Test
  void handlersRunInNoTransactionAndMoreAtOnceThanThereAreConnections() {
    List<UUID> ids =
        IntStream.range(0, CROWD)
            .mapToObj(
                i ->
                    queue
                        .submit(Submission.of("test.transaction", "{\"patienceSeconds\":30}"))
                        .task()
                        .id)
            .toList();

    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> ids.stream().allMatch(id -> tasks.task(id.toString()).state.isFinal()));
    assertThat(ids).extracting(id -> tasks.task(id.toString()).result).containsOnly("\"none\"");
  }
}
