package dev.trunkline.execute;

/** A CDI event: an attempt has ended, and its slot is free. */
public record SlotFree() {}
