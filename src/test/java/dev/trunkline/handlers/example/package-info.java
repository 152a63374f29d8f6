/**
 * The example of {@code docs/handlers.md}, word for word: {@link
 * dev.trunkline.handlers.example.HandlersDocTest} holds the page to it.
 */
@NullMarked
package dev.trunkline.handlers.example;

import org.jspecify.annotations.NullMarked;
