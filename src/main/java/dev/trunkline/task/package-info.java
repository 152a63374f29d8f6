/**
 * The vocabulary that every other room speaks: what a task is ({@link dev.trunkline.task.Task}),
 * the states it walks through, and what a handler takes and answers. It depends on nothing else
 * here. Someone who writes a handler starts at {@link dev.trunkline.task.TaskHandler}.
 */
@NullMarked
package dev.trunkline.task;

import org.jspecify.annotations.NullMarked;
