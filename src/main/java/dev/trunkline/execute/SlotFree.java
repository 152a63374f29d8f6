package dev.trunkline.execute;

/** A CDI event: a slot is free that somebody had. */
public record SlotFree() {}
