package dev.trunkline.remote;

import dev.trunkline.database.GroupCommit;
import dev.trunkline.database.SqlFault;
import dev.trunkline.finish.ProgressReport;
import dev.trunkline.remote.HeldSql.Taken;
import dev.trunkline.remote.LeaseEnd.Complete;
import dev.trunkline.remote.LeaseEnd.Fail;
import dev.trunkline.remote.LeaseEnd.Release;
import dev.trunkline.task.AttemptToken;
import dev.trunkline.task.Refusal;
import dev.trunkline.task.Refusal.Fault;
import dev.trunkline.task.TasksReady;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jboss.logging.Logger;

/**
 * What workers outside of the service may do with the leases that they hold. Whatever says so twice
 * with the same token is answered the same twice; anything else with a token whose lease is lost or
 * over changes nothing and is refused. Those who come at the same moment share a write.
 * Thread-safe.
 */
@ApplicationScoped
public class HeldLeases {

  private static final Logger LOG = Logger.getLogger(HeldLeases.class);
  private static final int BATCH = 500;

  private final LeaseTokens tokens;
  private final HeldWriter writer;
  private final RemoteMetrics metrics;
  private final Event<TasksReady> ready;
  private final GroupCommit<LeaseEnd, Optional<Taken>> ends;
  private final GroupCommit<Beat, Optional<Extended>> beats;

  HeldLeases(
      LeaseTokens tokens, HeldWriter writer, RemoteMetrics metrics, Event<TasksReady> ready) {
    this.tokens = tokens;
    this.writer = writer;
    this.metrics = metrics;
    this.ready = ready;
    this.ends = new GroupCommit<>(BATCH, HeldLeases::weight, writer::end);
    this.beats = new GroupCommit<>(BATCH, writer::beat);
  }

  /**
   * One result of several.
   *
   * @param result JSON text
   */
  public record Completion(String token, String result) {}

  /**
   * What became of one of several.
   *
   * @param task its id; empty where it is not told, because the end was refused
   * @param refusal why it was refused, if it was
   */
  public record Settled(Optional<UUID> task, Optional<Refusal> refusal) {

    static Settled of(AttemptToken attempt) {
      return new Settled(Optional.of(attempt.taskId()), Optional.empty());
    }

    static Settled refused(Refusal refusal) {
      return new Settled(Optional.empty(), Optional.of(refusal));
    }
  }

  /**
   * Extends a lease, up to the end of its task's timeout.
   *
   * @param progress what is reported, if anything is
   * @param lease how long it is to last from now on; as long as before where empty
   * @throws dev.trunkline.task.RefusedException where it is not held any more, or there never was
   *     one
   */
  public Extended heartbeat(
      String token, Optional<ProgressReport> progress, Optional<Duration> lease) {
    AttemptToken attempt = open(token);
    return beats
        .submit(new Beat(attempt, progress, lease))
        .orElseThrow(
            () -> {
              metrics.refused("heartbeat");
              return new Refusal.LeaseLost(attempt.taskId()).exception();
            });
  }

  /**
   * Ends an attempt, and so its task, with success.
   *
   * @param result JSON text
   * @return the task's id
   * @throws dev.trunkline.task.RefusedException as {@link #heartbeat}
   */
  public UUID complete(String token, String result) {
    return end(new Complete(open(token), result));
  }

  /**
   * Ends an attempt without success.
   *
   * @param message for people
   * @param again false where no other attempt can help
   * @param delay until the next attempt; the usual backoff where empty
   * @return the task's id
   * @throws dev.trunkline.task.RefusedException as {@link #heartbeat}
   */
  public UUID fail(String token, String message, boolean again, Optional<Duration> delay) {
    return end(new Fail(open(token), message, again, delay));
  }

  /**
   * Gives a task back, due at once and with no attempt lost.
   *
   * @return its id
   * @throws dev.trunkline.task.RefusedException as {@link #heartbeat}
   */
  public UUID release(String token) {
    return end(new Release(open(token)));
  }

  /**
   * Completes many in one write.
   *
   * @return what became of each, in their order
   */
  public List<Settled> completeAll(List<Completion> completions) {
    List<Optional<LeaseEnd>> said = completions.stream().map(this::read).toList();
    Iterator<Settled> settled = endAll(said.stream().flatMap(Optional::stream).toList()).iterator();
    return said.stream()
        .map(end -> end.isPresent() ? settled.next() : Settled.refused(new Refusal.NoSuchLease()))
        .toList();
  }

  /**
   * Gives back what could not be handed over to whoever asked for it; leases that are over already
   * are left.
   */
  public void giveBack(List<LeasedTask> leased) {
    try {
      endAll(leased.stream().<LeaseEnd>map(task -> new Release(open(task.token()))).toList());
    } catch (RuntimeException e) {
      LOG.infof("Tasks that nobody took could not be given back; their leases will end: %s", e);
    }
  }

  private Optional<LeaseEnd> read(Completion completion) {
    return tokens.open(completion.token()).map(it -> new Complete(it, completion.result()));
  }

  private AttemptToken open(String token) {
    return tokens.open(token).orElseThrow(() -> new Refusal.NoSuchLease().exception());
  }

  private UUID end(LeaseEnd end) {
    Settled settled = endAll(List.of(end)).getFirst();
    settled
        .refusal()
        .ifPresent(
            refusal -> {
              throw refusal.exception();
            });
    return end.attempt().taskId();
  }

  private List<Settled> endAll(List<LeaseEnd> said) {
    List<Optional<Settled>> written = new ArrayList<>();
    Iterator<Supplier<Optional<Taken>>> answers = ends.submitAll(said).iterator();
    said.forEach(end -> written.add(written(end, answers.next())));
    Map<AttemptToken, String> before = endedBefore(said, written);
    return IntStream.range(0, said.size())
        .mapToObj(i -> written.get(i).orElseGet(() -> replayed(said.get(i), before)))
        .toList();
  }

  private static int weight(LeaseEnd end) {
    return switch (end) {
      case Complete complete -> complete.result().length();
      case Fail fail -> fail.message().length();
      case Release _ -> 0;
    };
  }

  /** Empty where the lease was not held. */
  private Optional<Settled> written(LeaseEnd end, Supplier<Optional<Taken>> answer) {
    try {
      Optional<Taken> taken = answer.get();
      taken.ifPresent(lease -> noteEnd(end, lease));
      return taken.map(_ -> Settled.of(end.attempt()));
    } catch (RuntimeException e) {
      if (SqlFault.behind(e).equals(Optional.of(SqlFault.BAD_DATA))) {
        Fault fault = new Fault("/result", "holds a value that PostgreSQL cannot store");
        return Optional.of(Settled.refused(new Refusal.Invalid(List.of(fault))));
      }
      throw e;
    }
  }

  private void noteEnd(LeaseEnd end, Taken lease) {
    metrics.ended(end, lease);
    if (!(end instanceof Complete)) {
      ready.fire(new TasksReady(true));
    }
  }

  private Map<AttemptToken, String> endedBefore(
      List<LeaseEnd> said, List<Optional<Settled>> written) {
    List<AttemptToken> unwritten =
        IntStream.range(0, said.size())
            .filter(i -> written.get(i).isEmpty())
            .mapToObj(i -> said.get(i).attempt())
            .distinct()
            .toList();
    return unwritten.isEmpty() ? Map.of() : writer.ended(unwritten);
  }

  /** The same answer once more, where the attempt has ended in this very way already. */
  private Settled replayed(LeaseEnd end, Map<AttemptToken, String> before) {
    if (end.word().equals(before.get(end.attempt()))) {
      return Settled.of(end.attempt());
    }
    metrics.refused("finish");
    return Settled.refused(new Refusal.LeaseLost(end.attempt().taskId()));
  }
}
