/**
 * Keeps the rest going: the heartbeat, the rescue of the dead, expiry, progress, numbers for
 * operators, health, and the goodbye. Any replica does any of it, and two at once do no harm. Start
 * at {@link dev.trunkline.maintain.Maintenance}, which says what runs how often.
 */
@NullMarked
package dev.trunkline.maintain;

import org.jspecify.annotations.NullMarked;
