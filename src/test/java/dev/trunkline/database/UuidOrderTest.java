package dev.trunkline.database;

import static dev.trunkline.database.UuidOrder.UUID_ORDER;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class UuidOrderTest {

  private static final List<Long> HALVES = List.of(0L, 1L, Long.MAX_VALUE, Long.MIN_VALUE, -1L);

  @Test
  void is_the_order_of_the_texts() {
    List<UUID> ids = new ArrayList<>();
    HALVES.forEach(high -> HALVES.forEach(low -> ids.add(new UUID(high, low))));

    assertThat(ids.reversed().stream().sorted(UUID_ORDER))
        .isEqualTo(ids)
        .isSortedAccordingTo(Comparator.comparing(UUID::toString));
  }
}
