package dev.trunkline.task;

/**
 * A CDI event: tasks have been committed that are due now or later.
 *
 * @param elsewhere whether other processes may have to hear of it
 */
public record TasksReady(boolean elsewhere) {}
