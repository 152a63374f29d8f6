package dev.trunkline.api;

import dev.trunkline.submit.Submission;
import dev.trunkline.task.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * A line of a stream that was looked at.
 *
 * @param number from 1
 * @param bytes that it had
 * @param submission what it asks for; null where it is refused
 * @param refusal why it is not a submission
 */
record ReadLine(
    long number, int bytes, @Nullable Submission submission, @Nullable Refusal refusal) {}
