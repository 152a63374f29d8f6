package dev.trunkline.database;

import java.util.Comparator;
import java.util.UUID;

/** As PostgreSQL compares them; {@link UUID#compareTo} takes the first bit of a half for a sign. */
public enum UuidOrder implements Comparator<UUID> {
  UUID_ORDER;

  @Override
  public int compare(UUID one, UUID other) {
    int first = Long.compareUnsigned(one.getMostSignificantBits(), other.getMostSignificantBits());
    return first == 0
        ? Long.compareUnsigned(one.getLeastSignificantBits(), other.getLeastSignificantBits())
        : first;
  }
}
