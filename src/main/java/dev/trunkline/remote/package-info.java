/**
 * Workers outside of the service, in any language: their long polls, the leases that they hold, and
 * what they say about them. Start at {@link dev.trunkline.remote.LeaseDesk}, which hands the tasks
 * out, and go on with {@link dev.trunkline.remote.HeldLeases}, which takes what becomes of them.
 */
@NullMarked
package dev.trunkline.remote;

import org.jspecify.annotations.NullMarked;
