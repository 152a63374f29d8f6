#!/usr/bin/env node
// A worker for Trunkline: runs tasks of the type `shout`, {"text", "seconds"?} -> {"text", "by"}.
// Reads TRUNKLINE_URL, TRUNKLINE_TOKEN, WORKER_NAME and LEASE_SECONDS from the environment.
import { setTimeout as pause } from "node:timers/promises";

const env = process.env;
const url = (env.TRUNKLINE_URL ?? "http://localhost:8080") + "/api/v1/leases";
const name = env.WORKER_NAME ?? `node-${process.pid}`;
const lease = Number(env.LEASE_SECONDS ?? 60);
const headers = { "Content-Type": "application/json" };
if (env.TRUNKLINE_TOKEN) headers.Authorization = "Bearer " + env.TRUNKLINE_TOKEN;
const stopping = new AbortController();
process.on("SIGTERM", () => stopping.abort());

async function call(path, body, tries = 1, signal = undefined) {
  try {
    const answer = await fetch(url + path, { method: "POST", headers, body: JSON.stringify(body), signal });
    if (answer.ok) return await answer.json();
    throw Object.assign(new Error(await answer.text()), { status: answer.status });
  } catch (fault) { // Said again where that may help; it is answered the same.
    if ((fault.status ?? 503) < 429 || tries < 2) throw fault;
    await pause(2000);
    return call(path, body, tries - 1);
  }
}

/** What this worker is for. Calls report(percent) often, which may end it by an exception. */
async function work(payload, report) {
  const start = Date.now(), seconds = payload.seconds ?? 0;
  for (let gone; (gone = (Date.now() - start) / 1000) < seconds; await pause(100))
    report(Math.floor((100 * gone) / seconds));
  return { text: payload.text.toUpperCase(), by: name };
}

async function run({ token, task }) {
  let percent = 0, end;
  const beats = setInterval(() => call(`/${token}/heartbeat`, { progress: { percent } }).then(
    (answer) => answer.cancelRequested && (end ??= ["fail", { message: "cancelled" }]),
    (fault) => fault.status === 409 && (end ??= []), // Lost: nobody's business here any more.
  ), lease * 333);
  try {
    const result = await work(task.payload, (now) => {
      percent = now;
      if (stopping.signal.aborted) end ??= ["release", {}];
      if (end) throw new Error("interrupted");
    });
    end = ["complete", { result }];
  } catch (fault) { end ??= ["fail", { message: String(fault) }]; }
  clearInterval(beats);
  console.log(task.id, end[0] && (await call(`/${token}/${end[0]}`, end[1], 5)).state);
}

while (!stopping.signal.aborted) try {
  const ask = { types: ["shout"], lease: `PT${lease}S`, wait: "PT20S", worker: name };
  for (const leased of (await call("", ask, 1, stopping.signal)).leases) await run(leased);
} catch (fault) {
  if (!stopping.signal.aborted) console.log(fault.status ?? "", fault.message);
  if (fault.status !== 409) await pause(2000, undefined, stopping).catch(() => {});
}
