// Bytes on disk for each change, notice and span on SQLite, and the memory that the platform holds. See README.md.
import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const command = process.env.TROTH ?? join(root, 'troth');
const number = (name, usual) => Number(process.env[name] ?? usual);
const changes = number('CHANGES', 100_000);
const watchers = number('WATCHERS', 100);
const updates = number('UPDATES', 1_000);
const spans = number('SPANS', 100_000);
const folder = mkdtempSync(join(tmpdir(), 'troth-sizing-'));
const data = join(folder, 'data');
let running;
process.once('exit', () => running?.kill('SIGKILL'));

const freePort = () =>
  new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

async function until(what, condition) {
  const end = Date.now() + 300_000;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`${what} took longer than five minutes`);
    await pause(50);
  }
}

async function sent(address, body, type = 'application/json') {
  const response = await fetch(address, { method: 'POST', headers: { 'content-type': type }, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`POST ${address}: ${response.status} ${await response.text()}`);
  return response.json();
}

/** CPU milliseconds of a process's threads so far, by the scheduler's clock. */
const spent = (pid) =>
  readdirSync(`/proc/${pid}/task`).reduce(
    (sum, task) => sum + Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]) / 1e6, 0);
const resident = (pid) => Number(/VmRSS:\s*(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) * 1024;
const stored = () => readdirSync(data).reduce((sum, name) => sum + statSync(join(data, name)).size, 0);

let before = 0;

/** Starts the platform, works, stops it, and prints what that stored, for each of `count`. */
async function step(what, count, work) {
  const [port, otlp] = [await freePort(), await freePort()];
  const log = join(folder, 'log');
  const out = openSync(log, 'w');
  const child = spawn(command, ['up', '--data', data, '--port', String(port), '--registry-listen', 'off', '--otlp-http', String(otlp),
    '--otlp-grpc', 'off', '--limits-rate', '100000'], { stdio: ['ignore', out, out] });
  running = child;
  closeSync(out);
  const gone = new Promise((resolve) => child.once('exit', resolve));
  await until('troth up', () => {
    if (child.exitCode !== null) throw new Error(readFileSync(log, 'utf8'));
    return readFileSync(log, 'utf8').includes('ready at');
  });
  const began = spent(child.pid);
  await work(`http://127.0.0.1:${port}`, `http://127.0.0.1:${otlp}`);
  const [memory, cpu] = [resident(child.pid), spent(child.pid) - began];
  child.kill('SIGTERM');
  await gone;
  running = undefined;
  const now = stored();
  const each = count === 0 ? ''
    : `${((now - before) / count).toFixed(0).padStart(6)} B each  ${((cpu * 1000) / count).toFixed(0).padStart(5)} µs CPU each`;
  console.log(`${what.padEnd(44)} ${(now / 1e6).toFixed(1).padStart(7)} MB on disk  ${(memory / 1e6).toFixed(0).padStart(4)} MB resident  ${each}`);
  before = now;
}

const events = (from, count, subject) =>
  Array.from({ length: count }, (_, k) => ({
    specversion: '1.0', id: `${subject(from + k)}-${from + k}`, source: '/shop', type: 'order.placed', subject: subject(from + k),
    data: { total: from + k, currency: 'EUR', note: 'a promise kept' },
  }));

/** Events, as many at a time as a batch may have. */
async function told(base, count, page, subject) {
  for (let i = 0; i < count; i += page) {
    await sent(`${base}/api/events`, events(i, Math.min(page, count - i), subject), 'application/cloudevents-batch+json');
  }
}

const hex = (value, digits) => value.toString(16).padStart(digits, '0');

async function traced(otlp, count) {
  for (let i = 0; i < count; i += 2_000) {
    const now = BigInt(Date.now()) * 1_000_000n;
    const all = Array.from({ length: Math.min(2_000, count - i) }, (_, k) => i + k).map((n) => ({
      traceId: hex(Math.floor(n / 4) + 1, 32), spanId: hex(n + 1, 16), name: 'GET /orders', kind: 2,
      ...(n % 4 && { parentSpanId: hex(n - (n % 4) + 1, 16) }),
      startTimeUnixNano: String(now + BigInt(n)), endTimeUnixNano: String(now + BigInt(n) + 1_000_000n),
      attributes: [{ key: 'http.request.method', value: { stringValue: 'GET' } }, { key: 'http.response.status_code', value: { intValue: '200' } }],
    }));
    const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] };
    await sent(`${otlp}/v1/traces`, { resourceSpans: [{ resource, scopeSpans: [{ spans: all }] }] });
  }
}

const unread = async (base, user) => (await fetch(`${base}/api/inbox/unread?user=${user}`)).text();

try {
  await step('an empty platform', 0, async (base) => {
    await sent(`${base}/api/watches/bulk`, {
      watches: Array.from({ length: watchers }, (_, i) => ({ user: `user${i}`, target: 'order/watched', channels: ['console'] })),
    });
  });
  await step(`${changes} changes that nobody watches`, changes, (base) => told(base, changes, 1_000, (n) => `order/${n % 1_000}`));
  await step(`${updates} changes that ${watchers} users watch, a notice`, updates * watchers, async (base) => {
    await told(base, updates, 50, () => 'order/watched');
    const asked = await unread(base, `user${watchers - 1}`);
    if (!/\d/.test(asked)) throw new Error(`the inbox answered ${asked}`);
    await until('telling', async () => Number(/\d+/.exec(await unread(base, `user${watchers - 1}`))[0]) >= updates);
  });
  await step(`${spans} spans`, spans, (_, otlp) => traced(otlp, spans));
} finally {
  rmSync(folder, { recursive: true });
}
