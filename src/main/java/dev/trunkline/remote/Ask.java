package dev.trunkline.remote;

import java.time.Duration;

/**
 * A request for work, its values checked.
 *
 * @param worker a name for people
 * @param max how many tasks at most; at least 1
 * @param lease how long each is leased
 * @param patience how long to wait for the first task; at least zero
 */
public record Ask(Want want, String worker, int max, Duration lease, Duration patience) {}
