/**
 * The task type {@code http.request}: a request to another host, made in the background and tried
 * again where that may help. It turns any slow synchronous API into an asynchronous one. Start at
 * {@link dev.trunkline.handlers.http.HttpRequestHandler}.
 */
@NullMarked
package dev.trunkline.handlers.http;

import org.jspecify.annotations.NullMarked;
