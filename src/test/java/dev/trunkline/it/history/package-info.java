/**
 * What really happened in a scenario, written down by those who took part, and the judge of it.
 * Start at {@link dev.trunkline.it.history.Event}; {@link dev.trunkline.it.history.Checker} knows
 * nothing but a list of them.
 */
package dev.trunkline.it.history;
