package dev.trunkline.api;

/** The roles of the HTTP contract, as they stand in tokens and on the resources. */
final class Roles {

  /** Submits tasks, watches and cancels them. */
  static final String SUBMITTER = "submitter";

  /** Runs tasks over HTTP. */
  static final String WORKER = "worker";

  /** May do everything. */
  static final String OPERATOR = "operator";

  private Roles() {}
}
