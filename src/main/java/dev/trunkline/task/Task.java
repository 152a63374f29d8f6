package dev.trunkline.task;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.hibernate.annotations.Immutable;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/**
 * A task as its readers see it, with the state derived from the rows that the claims come from: an
 * entity over the view {@code trunkline.task_status}. It is read-only, because a worker may hold
 * the task while it is looked at; submission, claim and finish write with guarded SQL of their own.
 *
 * <p>Payload, result, error and progress are JSON texts, passed on as PostgreSQL holds them.
 */
@Entity
@Immutable
@Table(schema = "trunkline", name = "task_status")
public class Task extends PanacheEntityBase {

  @Id public UUID id;

  @Column public String type;

  @Column public String queue;

  @Column
  @Convert(converter = TaskStateConverter.class)
  public TaskState state;

  /** 0 (first) to 9. */
  @Column public int priority;

  @Column
  @JdbcTypeCode(SqlTypes.ARRAY)
  public List<String> tags;

  @Column public String payload;

  @Column public @Nullable String result;

  @Column public @Nullable String error;

  @Column public @Nullable String progress;

  /** The attempt that runs, ran last, or comes next; from 1. */
  @Column public int attempt;

  @Column(name = "max_attempts")
  public int maxAttempts;

  /** Of one attempt. */
  @Column
  @JdbcTypeCode(SqlTypes.INTERVAL_SECOND)
  public Duration timeout;

  /** When the attempt was or is due. */
  @Column(name = "run_at")
  public Instant runAt;

  @Column(name = "created_at")
  public Instant createdAt;

  @Column(name = "started_at")
  public @Nullable Instant startedAt;

  @Column(name = "finished_at")
  public @Nullable Instant finishedAt;

  /** No attempt starts after this. */
  @Column(name = "expires_at")
  public @Nullable Instant expiresAt;

  /** The name of the worker process that runs or ran the attempt. */
  @Column public @Nullable String worker;

  @Column public @Nullable String traceparent;
}
