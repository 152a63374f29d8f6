/**
 * graphile-worker. Its pages are cited by their path below https://worker.graphile.org/docs/.
 */
import { readFile } from "node:fs/promises";
import { Logger, makeWorkerUtils, run } from "graphile-worker";
import pg from "pg";
import { chosen, databaseUrl, serve } from "./protocol.js";

const TASK = "noop";

const SETTINGS = {
  // config: what there is when nothing is set – one task at a time, no batching, notified of new tasks.
  default: {},
  // performance, "Quick stats … were achieved with this configuration".
  tuned: {
    concurrentJobs: 24,
    maxPoolSize: 25,
    localQueue: { size: 500 },
    completeJobBatchDelay: 0,
    failJobBatchDelay: 0,
  },
};

// library/logger: by default every task that succeeds is a line of the log, which the page's own performance tests
// turn off as well (perfTest/run.js).
const warningsOnly = new Logger(() => (level, message) => {
  if (level === "error" || level === "warning") console.error(`${level}: ${message}`);
});

class GraphileWorker {
  // performance: its own test of add_jobs stores everything in one call; this bounds the memory instead.
  bulkSize = 10_000;

  #settings = chosen(SETTINGS);
  #preset = { worker: { connectionString: databaseUrl(), ...this.#settings } };
  #observer = new pg.Client({ connectionString: databaseUrl() });
  #ran = new Range();
  #utils;
  #runner;

  async setup() {
    await this.#observer.connect();
    // library/queue: one WorkerUtils, shared.
    this.#utils = await makeWorkerUtils({ preset: this.#preset, logger: warningsOnly });
    await this.#utils.migrate();
    return { version: await installedVersion(), settings: this.#settings };
  }

  // library/add-jobs
  addMany(payloads, due) {
    return this.#utils.addJobs(payloads.map((payload) => ({ identifier: TASK, payload, runAt: due })));
  }

  // library/add-job
  submit(payload) {
    return this.#utils.addJob(TASK, payload);
  }

  async openCallers(count) {
    const pool = await openPool(count);
    const utils = await makeWorkerUtils({ pgPool: pool, logger: warningsOnly });
    return {
      submit: (payload) => utils.addJob(TASK, payload),
      close: async () => {
        await utils.release();
        await pool.end();
      },
    };
  }

  // library/run
  async startWorker(onTask) {
    this.#ran = new Range();
    const task = (payload, helpers) => {
      this.#ran.include(Number(helpers.job.id));
      onTask(payload);
    };
    this.#runner = await run({
      preset: this.#preset,
      logger: warningsOnly,
      noHandleSignals: true,
      taskList: { [TASK]: task },
    });
  }

  async stopWorker() {
    await this.#runner.stop();
  }

  /** jobs-view: a completed task is deleted. Only what ran is looked at, so that a backlog costs nothing here. */
  async hasUnfinished() {
    const { rows } = await this.#observer.query(
      "select exists (select from graphile_worker.jobs where id between $1 and $2 and run_at <= now()) as unfinished",
      [this.#ran.least, this.#ran.greatest],
    );
    return rows[0].unfinished;
  }

  async close() {
    await this.#utils?.release();
    await this.#observer.end();
  }
}

class Range {
  least = Number.MAX_SAFE_INTEGER;
  greatest = 0;

  include(number) {
    this.least = Math.min(this.least, number);
    this.greatest = Math.max(this.greatest, number);
  }
}

/** A pool whose connections are open already, so that opening them is not part of what is measured. */
async function openPool(connections) {
  const pool = new pg.Pool({ connectionString: databaseUrl(), max: connections });
  // library/queue: without handlers a lost connection ends the process.
  const ignore = () => {};
  pool.on("error", ignore);
  pool.on("connect", (client) => client.on("error", ignore));
  const clients = await Promise.all(Array.from({ length: connections }, () => pool.connect()));
  clients.forEach((client) => client.release());
  return pool;
}

async function installedVersion() {
  const manifest = new URL("./node_modules/graphile-worker/package.json", import.meta.url);
  return JSON.parse(await readFile(manifest, "utf8")).version;
}

await serve(new GraphileWorker());
