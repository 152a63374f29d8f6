package dev.trunkline.task;

import java.util.List;
import java.util.SortedMap;
import java.util.UUID;

/** Why the service does not do what it was asked: every refusal that a client can cause. */
public sealed interface Refusal {

  /**
   * One fault of a request.
   *
   * @param pointer where, as a JSON Pointer (RFC 6901) into the request's body; empty for the whole
   * @param detail what is wrong and what would be right
   */
  record Fault(String pointer, String detail) {}

  /** Not a request that can be read: no JSON, a wrong JSON type, an unknown field. */
  record Malformed(List<Fault> faults) implements Refusal {}

  /** Read, but some values are not possible. */
  record Invalid(List<Fault> faults) implements Refusal {}

  /** Nothing here runs tasks of this type. */
  record UnknownType(String type, List<String> known) implements Refusal {}

  /** The type is known, but cannot run here until what the reason says is done. */
  record UnavailableType(String type, String reason) implements Refusal {}

  /** There is no such task. */
  record NoSuchTask(String id) implements Refusal {}

  /** There is no such queue. */
  record NoSuchQueue(String name) implements Refusal {}

  /** The task's state does not allow it. */
  record WrongState(UUID id, TaskState state, String wanted) implements Refusal {}

  /** The task was submitted without a callback. */
  record NoCallback(UUID id) implements Refusal {}

  /** There is no such secret to sign callbacks with. */
  record NoSuchSecret(String id) implements Refusal {}

  /** The secrets that callbacks are signed with do not allow it, and why. */
  record SecretsStay(String reason) implements Refusal {}

  /** The idempotency key was used before with another request. */
  record KeyReused(String key) implements Refusal {}

  /** A submission under the idempotency key is under way, in a transaction that has not ended. */
  record KeyInUse(String key) implements Refusal {}

  /** One client asks for more than it may in the time. */
  record TooManyRequests(int perSecond) implements Refusal {}

  /** Tasks that were submitted together, all or none: the refused ones by their places, from 0. */
  record Several(SortedMap<Integer, Refusal> byPlace) implements Refusal {}

  /**
   * The body is too long.
   *
   * @param limit in bytes
   */
  record TooLarge(long limit) implements Refusal {}

  /**
   * Too many requests wait for something at once.
   *
   * @param who has too many, in words
   */
  record TooManyWaits(String who, int limit) implements Refusal {}

  /** The lease is over: lost, or ended in another way. What was said under it changes nothing. */
  record LeaseLost(UUID task) implements Refusal {}

  /** A token that was never issued. */
  record NoSuchLease() implements Refusal {}

  /** The exception that carries this refusal out to the one place that turns it into an answer. */
  default RefusedException exception() {
    return new RefusedException(this);
  }
}
