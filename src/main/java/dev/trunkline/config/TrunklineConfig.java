package dev.trunkline.config;

import io.quarkus.runtime.annotations.RegisterForReflection;
import io.quarkus.runtime.annotations.StaticInitSafe;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The settings of the service. Each is a property ({@code trunkline.worker.enabled}) or the
 * environment variable that Quarkus derives from it ({@code TRUNKLINE_WORKER_ENABLED}). Durations
 * are written {@code 30s}, {@code 5m} or ISO 8601.
 */
@StaticInitSafe
@ConfigMapping(prefix = "trunkline")
@RegisterForReflection
public interface TrunklineConfig {

  /** The worker in this process. */
  Worker worker();

  /** The lease that a worker process holds on the tasks it runs. */
  Lease lease();

  /** How long tasks are kept after their end. */
  Retention retention();

  /** Settings of single queues, by name. */
  Map<String, Queue> queues();

  /** The example task types and the endpoints at the root. */
  Examples examples();

  /** Requests that wait for a task to end. */
  @WithName("wait")
  Wait waiting();

  /** Streams of a task's events. */
  Events events();

  /** Who may use the API. */
  AuthConfig auth();

  /** How much one client, and all together, may ask of this process. */
  LimitsConfig limits();

  /** Tasks that are submitted together. */
  BatchConfig batch();

  /** Requests that tasks make to other hosts. */
  Outbound outbound();

  /** Callbacks: telling clients that their tasks are final. */
  CallbackConfig callback();

  /** The database. */
  Database database();

  /** The chess engine of {@code chess.analyze}. */
  Chess chess();

  /** The worker in this process. */
  interface Worker {
    /** Whether this process runs tasks. With {@code false} it only serves the API. */
    @WithDefault("true")
    boolean enabled();

    /** Attempts that run at once, per process and queue. */
    @WithDefault("100")
    @Bounds(atLeast = "1", atMost = "10000")
    int concurrency();

    /**
     * Tasks that are claimed ahead of free slots, per process and queue, at most: as many as the
     * process ended lately within 50 ms, so that short tasks do not wait for the next claim. With
     * {@code 0} none is.
     */
    @WithDefault("2000")
    @Bounds(atLeast = "0", atMost = "10000")
    int prefetch();

    /** The queues to take tasks from. All of them where this is not set. */
    Optional<List<String>> queues();

    /**
     * What this worker is called where people read of it. The host's name and the process id where
     * this is not set. Two processes may share a name; nothing depends on it.
     */
    @Matches("[\\x21-\\x7e]{1,100}")
    Optional<String> name();

    /**
     * How often the database is asked for due tasks when no notification arrives. At the latest
     * after half a minute, however much more is said here.
     */
    @WithName("poll-interval")
    @WithDefault("10s")
    @Bounds(atLeast = "1s", atMost = "5m")
    Duration pollInterval();

    /**
     * How long a handler may take to end after it was interrupted, because its attempt timed out,
     * was cancelled, or lost its lease. One that takes longer is abandoned: its attempt ends
     * without it, and its slot is free.
     */
    @WithName("interrupt-grace")
    @WithDefault("10s")
    @Bounds(atLeast = "100ms", atMost = "1h")
    Duration interruptGrace();

    /**
     * How long running attempts may take to end after SIGTERM. Those that do not are given back and
     * lose no attempt. The container's grace period has to be some seconds longer.
     */
    @WithName("shutdown-grace")
    @WithDefault("25s")
    @Bounds(atLeast = "0s", atMost = "24h")
    Duration shutdownGrace();
  }

  /** The lease that a worker process holds on the tasks it runs. */
  interface Lease {
    /** The longest time until the tasks of a worker that died are due again. */
    @WithDefault("30s")
    @Bounds(atLeast = "5s", atMost = "1h")
    Duration duration();
  }

  /** How long tasks are kept after their end. */
  interface Retention {
    /**
     * How long a task that succeeded is kept, with its payload, result, attempts and idempotency
     * key. {@code 0} keeps it for ever.
     */
    @WithDefault("7d")
    @Bounds(atLeast = "0s", atMost = "3650d")
    Duration succeeded();

    /** How long a cancelled task is kept. {@code 0} keeps it for ever. */
    @WithDefault("7d")
    @Bounds(atLeast = "0s", atMost = "3650d")
    Duration cancelled();

    /** How long a failed task is kept. {@code 0} keeps it for ever. */
    @WithDefault("30d")
    @Bounds(atLeast = "0s", atMost = "3650d")
    Duration failed();
  }

  /** Settings of one queue. */
  interface Queue {
    /** Attempts that run at once in this queue, per process, instead of the worker's default. */
    @Bounds(atLeast = "1", atMost = "10000")
    int concurrency();
  }

  /** The example task types and the endpoints at the root. */
  interface Examples {
    /**
     * Whether the types {@code echo}, {@code chess.analyze}, {@code web.wordcount} and {@code noop}
     * and the endpoints at the root are there. On in development mode.
     */
    @WithDefault("false")
    boolean enabled();
  }

  /** Requests that wait for a task to end. */
  interface Wait {
    /**
     * The longest that a request with {@code Prefer: wait=N} waits; a larger {@code N} is taken for
     * this, in whole seconds. Proxies in front must have at least as much patience. {@code 0}
     * switches waiting off.
     */
    @WithDefault("60s")
    @Bounds(atLeast = "0s", atMost = "10m")
    Duration max();
  }

  /** Streams of a task's events. */
  interface Events {
    /**
     * How often a stream says that it is still there, so that proxies keep it open and clients that
     * are gone are noticed. A client that has taken nothing for four times as long is cut off.
     */
    @WithName("keep-alive")
    @WithDefault("15s")
    @Bounds(atLeast = "1s", atMost = "5m")
    Duration keepAlive();
  }

  /** Requests that tasks make to other hosts. */
  interface Outbound {
    /**
     * Hosts ({@code internal.example}), addresses and networks ({@code 10.0.0.0/8}) that requests
     * may reach although they are loopback, link-local or private.
     */
    Optional<List<String>> allow();

    /**
     * The longest time for one whole request, redirects included. For {@code http.request} that of
     * the answer's body alone: the host may take as long as the attempt's timeout to begin.
     */
    @WithDefault("30s")
    @Bounds(atLeast = "100ms", atMost = "10m")
    Duration timeout();

    /** The most bytes that are read of one answer, after decompression. */
    @WithName("max-body-bytes")
    @WithDefault("10485760")
    @Bounds(atLeast = "1024", atMost = "1073741824")
    int maxBodyBytes();

    /** How many redirects are followed. */
    @WithName("max-redirects")
    @WithDefault("5")
    @Bounds(atLeast = "0", atMost = "20")
    int maxRedirects();
  }

  /** The database. */
  interface Database {
    /**
     * Whether a packaged start runs the embedded PostgreSQL when no URL is set. Not in a native
     * image.
     */
    @WithDefault("false")
    boolean embedded();

    /** Where the embedded PostgreSQL keeps its data. */
    @WithName("embedded-directory")
    @WithDefault(".trunkline")
    Path embeddedDirectory();

    /**
     * Whether a start brings the schema up to date. With {@code false} it waits, not ready, until
     * {@code trunkline migrate} has done so.
     */
    @WithName("migrate-at-start")
    @WithDefault("true")
    boolean migrateAtStart();
  }

  /** The chess engine of {@code chess.analyze}. */
  interface Chess {
    /**
     * The UCI engine to run. Looked for as {@code stockfish} on the PATH and in the usual places
     * where this is not set.
     */
    Optional<Path> executable();

    /** Engine processes at most, per process of the service. */
    @WithDefault("2")
    @Bounds(atLeast = "1", atMost = "256")
    int engines();

    /** The longest a client may let one position be analysed. */
    @WithName("max-time")
    @WithDefault("5m")
    @Bounds(atLeast = "100ms", atMost = "24h")
    Duration maxTime();
  }
}
