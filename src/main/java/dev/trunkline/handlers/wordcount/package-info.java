/**
 * The task type {@code web.wordcount}: how often each word stands on a web page. Fetching is {@link
 * dev.trunkline.outbound.OutboundClient}'s work; what counts as text is said by {@link
 * dev.trunkline.handlers.wordcount.VisibleText}, and what as a word by {@link
 * dev.trunkline.handlers.wordcount.Words}. Start at {@link
 * dev.trunkline.handlers.wordcount.WordcountHandler}.
 */
@NullMarked
package dev.trunkline.handlers.wordcount;

import org.jspecify.annotations.NullMarked;
