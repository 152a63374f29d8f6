package dev.trunkline.remote;

import dev.trunkline.finish.ProgressReport;
import dev.trunkline.task.AttemptToken;
import java.time.Duration;
import java.util.Optional;

/**
 * A sign of life from the worker of an attempt.
 *
 * @param progress what is reported, if anything is
 * @param lease how long the lease is to last from now on; as long as before where empty
 */
record Beat(AttemptToken attempt, Optional<ProgressReport> progress, Optional<Duration> lease) {}
