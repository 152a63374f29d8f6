package dev.trunkline.callback;

import java.time.Instant;
import java.util.UUID;

/** A secret that is kept in the database, the same for all processes. */
public record StoredSecret(UUID id, Secret secret, Instant createdAt) {}
