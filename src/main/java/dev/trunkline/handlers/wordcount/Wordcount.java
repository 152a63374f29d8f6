package dev.trunkline.handlers.wordcount;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Map;

/**
 * The result of {@code web.wordcount}.
 *
 * @param url the page as the client named it, also where redirects led elsewhere
 * @param total all words of the page
 * @param distinct how many different ones
 * @param counts the most frequent words, of equally frequent ones those first in the order of their
 *     code points; a JSON object, and so without an order once PostgreSQL has stored it; or the
 *     word that was asked for, also when it stands there zero times
 */
@RegisterForReflection
public record Wordcount(String url, int total, int distinct, Map<String, Integer> counts) {}
