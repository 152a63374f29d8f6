package dev.trunkline.security;

import java.util.Set;

/** The roles of the HTTP contract, as they stand in tokens and on the resources. */
public final class Roles {

  /** Submits tasks, watches and cancels them. */
  public static final String SUBMITTER = "submitter";

  /** Runs tasks over HTTP. */
  public static final String WORKER = "worker";

  /** May do everything. */
  public static final String OPERATOR = "operator";

  /** Every one there is. */
  static final Set<String> ALL = Set.of(SUBMITTER, WORKER, OPERATOR);

  private Roles() {}
}
