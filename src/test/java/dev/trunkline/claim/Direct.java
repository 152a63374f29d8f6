package dev.trunkline.claim;

import dev.trunkline.claim.DirectClaims.Candidate;
import dev.trunkline.config.TestConfig;
import dev.trunkline.config.TrunklineConfig;
import dev.trunkline.database.TestDatabase;
import dev.trunkline.execute.Attempts;
import dev.trunkline.execute.ClaimedTask;
import dev.trunkline.execute.Fired;
import dev.trunkline.execute.RunningAttempts;
import dev.trunkline.execute.SlotFree;
import dev.trunkline.execute.Slots;
import dev.trunkline.execute.WorkerIdentity;
import dev.trunkline.task.Outcome;
import dev.trunkline.task.TaskContext;
import dev.trunkline.task.TaskHandler;
import dev.trunkline.task.TaskType;
import dev.trunkline.task.TasksReady;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** A process that claims with its submissions: one worker of 3 slots and one handler. */
public final class Direct {

  private static final int SLOTS = 3;

  public final DirectClaims claims;
  public final RunningAttempts running = new RunningAttempts();
  public final Fired<SlotFree> slotFree = new Fired<>();
  public final Fired<TasksReady> ready = new Fired<>();
  private final MeterRegistry meters = new SimpleMeterRegistry();
  private volatile boolean broken;
  private final WorkerRegistration registration;
  private final Claimer claimer;
  private final Slots slots;
  private final TestDatabase database;

  /** One of whose handler nothing is wanted. */
  public Direct(TestDatabase database) {
    this(database, new Idle(), Map.of());
  }

  public Direct(TestDatabase database, TaskHandler<?, ?> handler, Map<String, String> settings) {
    this.database = database;
    this.registration = Registrations.in(database);
    this.claimer = Registrations.claimer(database);
    this.slots = Attempts.slots(SLOTS);
    TrunklineConfig config = TestConfig.with(settings);
    Starter starter =
        new Starter(
            registration, Attempts.executor(handler, slots, running, database.dataSource())) {
          @Override
          boolean start(List<ClaimedTask> tasks, WorkerIdentity worker) {
            if (broken) {
              throw new IllegalStateException("broken by the test");
            }
            return super.start(tasks, worker);
          }
        };
    this.claims = new DirectClaims(config, slots, claimer, starter, slotFree, ready, meters);
    registration.register();
    open();
  }

  /** Whether a submission may claim a task of this queue; it does not. */
  static boolean mayClaim(DirectClaims claims, String queue) {
    Optional<DirectClaim> claim = claims.begin(List.of(new Candidate(0, queue, 5)));
    claim.ifPresent(it -> it.failed(false));
    return claim.isPresent();
  }

  /** As the dispatcher does when it has left nothing. */
  public void open() {
    openBut(Set.of());
  }

  /** As it does where queues may hold more than it had slots for. */
  public void openBut(Set<String> limited) {
    claims.open(claims.close(), limited);
  }

  public void close() {
    claims.close();
  }

  /** As a turn of the dispatcher's ends, in which something else has come to be looked for. */
  public void openTooLate() {
    long turn = claims.close();
    claims.close();
    claims.open(turn, Set.of());
  }

  /** As at a shutdown. */
  public void stop(Duration patience) throws InterruptedException {
    claims.stop(patience);
  }

  public UUID worker() {
    return registration.current().orElseThrow().id();
  }

  /** Nothing that is claimed can be started from here on. */
  public void breakTheStart() {
    broken = true;
  }

  /** As the heartbeat does it when its worker was declared dead. */
  public void giveUp() {
    Registrations.giveUp(registration, running);
  }

  /** Tasks that submissions have claimed. */
  public double claimed() {
    return meters.get("trunkline.claims.direct").counter().count();
  }

  /** Pauses a queue, and returns when that is committed. */
  public void pause(String queue) {
    database.inTransaction(
        source -> {
          new Pauser(source).pause(queue);
          return true;
        });
  }

  public int taken() {
    return slots.taken();
  }

  /** Leases of failed claims. */
  public List<UUID> unanswered() {
    return claimer.unanswered();
  }

  private static final class Idle implements TaskHandler<String, String> {

    @Override
    public TaskType<String, String> type() {
      return TaskType.named("test", String.class, String.class);
    }

    @Override
    public Outcome<String> handle(String payload, TaskContext context) {
      return Outcome.succeeded(payload);
    }
  }
}
