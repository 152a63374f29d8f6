/**
 * The line protocol that the harness speaks with every peer: one command per line of stdin, exactly one line of JSON
 * on stdout for each. All that is measured alike for every queue is measured here; a peer only says how its library
 * does a thing.
 *
 * A peer is an object with
 * - `setup()`: migrates, connects, and returns `{ version, settings }`;
 * - `addMany(payloads, due)`: one bulk call; `due` is a Date, or undefined for now;
 * - `bulkSize`: how many payloads one bulk call takes;
 * - `openCallers(count)`: returns `{ submit(payload), close() }` with as many connections;
 * - `submit(payload)`: the ordinary call for one job, through the connections of an ordinary application;
 * - `startWorker(onTask)`: runs every task by calling `onTask(payload)`, which returns at once;
 * - `stopWorker()`;
 * - `hasUnfinished()`: asks the database whether a task that is due has not been completed;
 * - `close()`.
 */
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const SEVEN_DAYS = 7 * 24 * 60 * 60 * 1000;
/** As many as everybody has, plain SQL too. */
const BULK_CALLERS = 2;
const POLL_MILLIS = 20;
const SETTLE_MILLIS = 2000;

/** Answers the commands of stdin with what `peer` does, until `quit` or the end of the input. */
export async function serve(peer) {
  keepStdoutForAnswers();
  const commands = commandsOf(peer);
  for await (const line of createInterface({ input: process.stdin })) {
    const [name, ...numbers] = line.trim().split(/\s+/);
    if (name === "quit") break;
    answer(await run(commands, name, numbers.map(Number)));
  }
  await peer.close();
  process.exit(0);
}

/** What `default` or `tuned`, the first argument of the program, selects of `settings`. */
export function chosen(settings) {
  const setting = settings[process.argv[2]];
  if (!setting) throw new Error(`the first argument is one of: ${Object.keys(settings).join(", ")}`);
  return setting;
}

/** The database that the harness names; it has no password. */
export function databaseUrl() {
  const url = process.env.BENCH_DATABASE_URL;
  if (!url) throw new Error("BENCH_DATABASE_URL is not set");
  return url;
}

function commandsOf(peer) {
  return {
    setup: () => peer.setup(),
    load: (count, bytes) => store(peer, count, bytes),
    schedule: (count, bytes) => store(peer, count, bytes, new Date(Date.now() + SEVEN_DAYS)),
    drain: (count) => drain(peer, count),
    submit: (callers, seconds, bytes) => submit(peer, callers, seconds, bytes),
    latency: (rate, seconds, bytes) => latency(peer, rate, seconds, bytes),
    idle: (seconds) => idle(peer, seconds),
  };
}

async function run(commands, name, numbers) {
  try {
    const command = commands[name];
    if (!command) throw new Error(`no such command: ${name}`);
    return await command(...numbers);
  } catch (error) {
    console.error(error);
    return { error: String(error?.message || error) };
  }
}

async function store(peer, count, bytes, due) {
  const payload = payloadOf(bytes);
  let left = count;
  const call = async () => {
    while (left > 0) {
      const some = Math.min(left, peer.bulkSize);
      left -= some;
      await peer.addMany(Array(some).fill(payload), due);
    }
  };
  const started = performance.now();
  await Promise.all(Array.from({ length: BULK_CALLERS }, call));
  return { tasks: count, seconds: secondsSince(started) };
}

async function drain(peer, count) {
  let started;
  let tasks = 0;
  const allRun = Promise.withResolvers();
  await peer.startWorker(() => {
    started ??= performance.now();
    if (++tasks === count) allRun.resolve();
  });
  await allRun.promise;
  while (await peer.hasUnfinished()) await sleep(POLL_MILLIS);
  const seconds = secondsSince(started);
  await peer.stopWorker();
  return { tasks, seconds };
}

async function submit(peer, callers, seconds, bytes) {
  const payload = payloadOf(bytes);
  const queue = await peer.openCallers(callers);
  const started = performance.now();
  const end = started + seconds * 1000;
  const counts = await Promise.all(Array.from({ length: callers }, () => submitUntil(end, queue, payload)));
  const elapsed = secondsSince(started);
  await queue.close();
  return { tasks: counts.reduce((sum, count) => sum + count, 0), seconds: elapsed };
}

async function submitUntil(end, queue, payload) {
  let tasks = 0;
  for (; performance.now() < end; tasks++) await queue.submit(payload);
  return tasks;
}

/** Offers tasks at a fixed rate whether or not earlier ones have been answered, so that a slow answer hides nothing. */
async function latency(peer, rate, seconds, bytes) {
  const count = rate * seconds;
  const begun = new Float64Array(count);
  let tasks = 0;
  const allRun = Promise.withResolvers();
  await peer.startWorker((payload) => {
    begun[numberOf(payload)] = performance.now();
    if (++tasks === count) allRun.resolve();
  });
  await sleep(SETTLE_MILLIS);
  const returned = await offer(peer, rate, count, bytes);
  await allRun.promise;
  await peer.stopWorker();
  return { tasks, ...summaryOf(begun.map((moment, number) => moment - returned[number])) };
}

async function offer(peer, rate, count, bytes) {
  const returned = new Float64Array(count);
  const calls = [];
  const started = performance.now();
  for (let number = 0; number < count; number++) {
    const wait = started + (number * 1000) / rate - performance.now();
    if (wait > 0) await sleep(wait);
    const call = peer.submit(payloadOf(bytes, number));
    calls.push(call.then(() => (returned[number] = performance.now())));
  }
  await Promise.all(calls);
  return returned;
}

async function idle(peer, seconds) {
  await peer.startWorker(() => {});
  await sleep(SETTLE_MILLIS + seconds * 1000);
  await peer.stopWorker();
  return {};
}

/** `{"text":"…"}` of that many bytes as JSON; a number, where there is one, begins the text and tells tasks apart. */
function payloadOf(bytes, number) {
  const length = bytes - JSON.stringify({ text: "" }).length;
  const beginning = number === undefined ? "" : `${number} `;
  if (length < beginning.length) throw new Error(`a payload of ${bytes} bytes is too small`);
  return { text: beginning + fillerOf(length - beginning.length) };
}

/** Text that does not compress: the upper bits of a linear congruential generator. */
function fillerOf(length) {
  let text = "";
  for (let state = 1; text.length < length; ) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    text += LETTERS[state >>> 26];
  }
  return text;
}

function numberOf(payload) {
  return Number.parseInt(payload.text, 10);
}

function summaryOf(millis) {
  const sorted = millis.toSorted();
  const rank = (share) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  return { p50: rank(0.5), p99: rank(0.99), max: rank(1) };
}

function secondsSince(started) {
  return (performance.now() - started) / 1000;
}

function answer(reply) {
  process.stdout.write(`${JSON.stringify(reply)}\n`);
}

function keepStdoutForAnswers() {
  console.log = console.info = console.debug = console.error;
}
