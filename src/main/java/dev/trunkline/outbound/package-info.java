/**
 * The guarded way out: HTTP requests that a task's author chose and this service makes. Whoever may
 * submit tasks must not reach through them what only this host can reach (server-side request
 * forgery, CWE-918), nor keep a worker busy for ever. Handlers use {@link
 * dev.trunkline.outbound.OutboundClient}; start there.
 */
@NullMarked
package dev.trunkline.outbound;

import org.jspecify.annotations.NullMarked;
