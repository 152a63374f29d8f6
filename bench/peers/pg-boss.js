/**
 * pg-boss. Its pages are cited by their path below https://timgit.github.io/pg-boss/.
 */
import { readFile } from "node:fs/promises";
import pg from "pg";
import { PgBoss } from "pg-boss";
import { chosen, databaseUrl, serve } from "./protocol.js";

const QUEUE = "noop";

const SETTINGS = {
  // api/workers: "The default options for work() is 1 job every 2 seconds."
  default: { instance: {}, queue: {}, worker: {} },
  tuned: {
    // api/workers, "Low-latency dispatch with LISTEN/NOTIFY": the instance listens, the queue notifies.
    instance: { useListenNotify: true },
    queue: { notify: true },
    worker: {
      // api/workers: several workers in the process, each fetching and completing a batch at a time …
      localConcurrency: 4,
      batchSize: 1000,
      // … and again without a pause for as long as its batches come back full.
      burstWhenBatchFull: true,
      // api/workers: the least there is; only matters where no notification arrives.
      pollingIntervalSeconds: 0.5,
    },
  },
};

class PgBossPeer {
  // api/jobs, insert(): any number of jobs in one request; this bounds the memory.
  bulkSize = 10_000;

  #settings = chosen(SETTINGS);
  #observer = new pg.Client({ connectionString: databaseUrl() });
  #boss = bossWith(this.#settings.instance);

  async setup() {
    await this.#observer.connect();
    await this.#boss.start();
    await this.#boss.createQueue(QUEUE, this.#settings.queue);
    return { version: await installedVersion(), settings: this.#settings };
  }

  // api/jobs, insert()
  addMany(payloads, due) {
    return this.#boss.insert(QUEUE, payloads.map((data) => ({ data, startAfter: due })));
  }

  // api/jobs, send()
  submit(payload) {
    return this.#boss.send(QUEUE, payload);
  }

  /** api/constructor: an instance that only sends leaves supervision and schedules to the other one. */
  async openCallers(count) {
    const boss = bossWith({ max: count, supervise: false, schedule: false });
    await boss.start();
    const db = boss.getDb();
    await Promise.all(Array.from({ length: count }, () => db.executeSql("select pg_sleep(0.1)")));
    return { submit: (payload) => boss.send(QUEUE, payload), close: () => boss.stop() };
  }

  // api/workers, work()
  async startWorker(onTask) {
    const handler = async (jobs) => jobs.forEach((job) => onTask(job.data));
    await this.#boss.work(QUEUE, this.#settings.worker, handler);
  }

  // api/workers, offWork()
  async stopWorker() {
    await this.#boss.offWork(QUEUE);
  }

  /** sql/job-table: the states before `completed`. */
  async hasUnfinished() {
    const { rows } = await this.#observer.query(
      `select exists (
         select from pgboss.job
         where name = $1 and state in ('created', 'retry', 'active') and start_after <= now()
       ) as unfinished`,
      [QUEUE],
    );
    return rows[0].unfinished;
  }

  async close() {
    await this.#boss.stop();
    await this.#observer.end();
  }
}

function bossWith(options) {
  const boss = new PgBoss({ connectionString: databaseUrl(), ...options });
  boss.on("error", (error) => console.error(error));
  return boss;
}

async function installedVersion() {
  const manifest = new URL("./node_modules/pg-boss/package.json", import.meta.url);
  return JSON.parse(await readFile(manifest, "utf8")).version;
}

await serve(new PgBossPeer());
