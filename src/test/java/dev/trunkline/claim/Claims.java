package dev.trunkline.claim;

import dev.trunkline.claim.ScanPositions.Lane;
import dev.trunkline.claim.ScanPositions.Position;
import dev.trunkline.database.TestDatabase;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Claims of the type {@code test} as one worker, changed one wish at a time. */
record Claims(
    UUID worker,
    List<String> types,
    Optional<List<String>> onlyQueues,
    Map<String, Integer> freeByQueue,
    int freeElsewhere,
    Map<Lane, Position> from) {

  static Claims by(UUID worker) {
    return new Claims(worker, List.of("test"), Optional.empty(), Map.of(), 1_000, Map.of());
  }

  Claims types(String... names) {
    return new Claims(worker, List.of(names), onlyQueues, freeByQueue, freeElsewhere, from);
  }

  Claims only(String... queues) {
    return new Claims(
        worker, types, Optional.of(List.of(queues)), freeByQueue, freeElsewhere, from);
  }

  Claims free(String queue, int slots) {
    return new Claims(worker, types, onlyQueues, Map.of(queue, slots), freeElsewhere, from);
  }

  Claims freeElsewhere(int slots) {
    return new Claims(worker, types, onlyQueues, freeByQueue, slots, from);
  }

  Claims from(Map<Lane, Position> start) {
    return new Claims(worker, types, onlyQueues, freeByQueue, freeElsewhere, start);
  }

  Claim.Request request() {
    return new Claim.Request(
        worker, UUID.randomUUID(), types, onlyQueues, Claim.MOST, freeByQueue, freeElsewhere, from);
  }

  Claim.Answer on(TestDatabase database) {
    return database.inTransaction(transaction -> new Claimer(transaction).claim(request()));
  }

  List<UUID> idsOn(TestDatabase database) {
    return on(database).rows().stream().map(row -> row.task().token().taskId()).toList();
  }
}
