package dev.trunkline.submit;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.function.Function;

/**
 * Stores submissions together. They are planned first, which refuses all that is to be refused, and
 * then written in one transaction. What can still come in between is another one's key.
 */
@ApplicationScoped
class AllOrNone {

  private final TaskWriter writer;

  AllOrNone(TaskWriter writer) {
    this.writer = writer;
  }

  /**
   * Finds out which are to be stored, and which have been.
   *
   * @param check passes a submission, or refuses it
   * @throws dev.trunkline.task.RefusedException naming every one that is refused
   */
  BatchPlan plan(List<Submission> submissions, Function<Submission, NewTask> check) {
    BatchPlan plan = new BatchPlan(submissions, check);
    // Before the checks, which may have come to another result since the first submission.
    meetHolders(plan, plan.keyed());
    plan.checkTheOpen();
    plan.throwRefusals();
    return plan;
  }

  /** Carries the plan out in the caller's transaction. */
  @Transactional
  List<Submitted> write(BatchPlan plan) {
    return write(plan, false);
  }

  /** Carries the plan out in a transaction of its own. */
  @Transactional(Transactional.TxType.REQUIRES_NEW)
  List<Submitted> writeApart(BatchPlan plan) {
    return write(plan, true);
  }

  private List<Submitted> write(BatchPlan plan, boolean apart) {
    HeldTasks held = new HeldTasks();
    do {
      writeFresh(plan, apart);
      plan.loaded(held.load(plan.heldIds()));
      plan.checkTheOpen();
      plan.throwRefusals();
    } while (!plan.fresh().isEmpty());
    return plan.answers();
  }

  private void writeFresh(BatchPlan plan, boolean apart) {
    if (plan.fresh().isEmpty()) {
      return;
    }
    plan.written(writer.write(List.copyOf(plan.fresh().values()), apart));
    // Their keys were taken in between, perhaps by one before them in the list.
    meetHolders(plan, List.copyOf(plan.fresh().keySet()));
  }

  private void meetHolders(BatchPlan plan, List<Integer> places) {
    writer
        .findByKeys(places.stream().map(plan::submission).toList())
        .forEach((i, holder) -> plan.meet(places.get(i), holder));
  }
}
