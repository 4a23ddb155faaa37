// What an update costs on SQLite and on PostgreSQL, in one run, and how that grows with the log. See README.md.
import { spawn, execFileSync } from 'node:child_process';
import { openSync, closeSync, existsSync, readFileSync, readdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const command = process.env.TROTH ?? join(root, 'troth');
const seconds = Number(process.env.SECONDS ?? 10);
const updates = Number(process.env.UPDATES ?? 1000);
const sizes = (process.env.CHANGES ?? '10000,100000').split(',').map(Number);
const clients = 8;
const watchers = 10;

const freePort = () =>
  new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

/** CPU milliseconds of a process's threads so far, by the scheduler's clock; 0 for one that is gone. */
function spent(pid) {
  try {
    return readdirSync(`/proc/${pid}/task`).reduce(
      (sum, task) => sum + Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]) / 1e6, 0);
  } catch {
    return 0;
  }
}

const children = (pid) =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter((text) => text !== '').map(Number);

async function send(address, method, path, body, type = 'application/json') {
  const response = await fetch(address + path, { method, headers: { 'content-type': type }, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  await response.arrayBuffer();
}

async function until(what, condition) {
  const end = Date.now() + 60_000;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`${what} took longer than a minute`);
    await pause(20);
  }
}

/** A PostgreSQL server of the machine's packages, with its usual settings: a commit is on disk. */
async function postgres(folder) {
  const packages = '/usr/lib/postgresql';
  const versions = existsSync(packages) ? readdirSync(packages).filter((one) => existsSync(`${packages}/${one}/bin/initdb`)) : [];
  if (versions.length === 0) return null;
  const version = versions.sort((a, b) => Number(a) - Number(b)).at(-1);
  const as = userInfo().uid === 0 ? ['unshare', '-U'] : [];
  const run = (name, ...args) => {
    const [first, ...rest] = [...as, `${packages}/${version}/bin/${name}`, ...args];
    execFileSync(first, rest, { stdio: ['ignore', 'ignore', 'inherit'] });
  };
  const data = join(folder, 'postgres');
  const port = await freePort();
  run('initdb', '-D', data, '-U', 'troth', '-A', 'trust', '-E', 'UTF8', '-N');
  run('pg_ctl', '-D', data, '-l', join(folder, 'postgres.log'), '-o', `-p ${port} -h 127.0.0.1 -k ${data}`, '-w', 'start');
  const pid = Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0]);
  return {
    version,
    url: `jdbc:postgresql://127.0.0.1:${port}/postgres?user=troth`,
    spent: () => [pid, ...children(pid)].reduce((sum, one) => sum + spent(one), 0),
    stop: () => run('pg_ctl', '-D', data, '-m', 'fast', '-w', 'stop'),
  };
}

async function platform(folder, name, store) {
  const port = await freePort();
  const log = join(folder, `${name}.log`);
  const out = openSync(log, 'a');
  const args = ['up', '--data', join(folder, name), '--port', String(port), '--registry-listen', 'off', '--otlp-http', 'off',
    '--otlp-grpc', 'off', '--limits-rate', '100000', ...(store === null ? [] : ['--store-url', store])];
  const child = spawn(command, args, { stdio: ['ignore', out, out] });
  closeSync(out);
  await until('troth up', () => readFileSync(log, 'utf8').includes('ready at'));
  return { address: `http://127.0.0.1:${port}`, child, spent: () => spent(child.pid) };
}

async function watched(address) {
  for (let record = 1; record <= clients; record++) {
    await send(address, 'PUT', `/api/records/${record}`, { name: 'r', value: '0' });
    const watches = Array.from({ length: watchers }, (_, i) =>
      ({ user: `u${record}-${i}`, target: `record/${record}`, channels: ['console'] }));
    await send(address, 'POST', '/api/watches/bulk', { watches });
  }
}

/** Each client updates a record of its own, until there is no more time or the number is reached. */
async function load(address, most, milliseconds) {
  const end = Date.now() + milliseconds;
  let done = 0;
  let begun = 0;
  await Promise.all(Array.from({ length: clients }, async (_, i) => {
    while (begun < most && Date.now() < end) {
      begun++;
      await send(address, 'POST', `/api/update/${i + 1}`, { value: String(begun) });
      done++;
    }
  }));
  return done;
}

async function grow(address, from, to) {
  for (let at = from; at < to; at += 1000) {
    const events = Array.from({ length: Math.min(1000, to - at) }, (_, i) =>
      ({ specversion: '1.0', id: String(at + i), source: '/bench', type: 'grown', subject: `thing/${(at + i) % 997}`, data: { n: at + i } }));
    await send(address, 'POST', '/api/events', events, 'application/cloudevents-batch+json');
  }
}

async function measure(folder, name, server) {
  const troth = await platform(folder, name, server === null ? null : server.url);
  try {
    await watched(troth.address);
    await load(troth.address, 2000, 20_000); // warms up
    const costs = async (run) => {
      const [before, beforeServer, began] = [troth.spent(), server?.spent() ?? 0, Date.now()];
      const count = await run();
      const rate = (count * 1000) / (Date.now() - began);
      return { rate, own: (troth.spent() - before) / count, server: ((server?.spent() ?? 0) - beforeServer) / count };
    };
    const line = (what, { rate, own, server: there }) =>
      console.log(`${name.padEnd(12)} ${what.padEnd(18)} ${rate.toFixed(0).padStart(6)}/s  ${own.toFixed(3)} ms CPU`
        + (server === null ? '' : ` + ${there.toFixed(3)} ms in the server`));
    line(`${watchers} watchers`, await costs(() => load(troth.address, Infinity, seconds * 1000)));
    let there = 0;
    for (const size of sizes) {
      await grow(troth.address, there, size);
      there = size;
      line(`${size} changes`, await costs(() => load(troth.address, updates, 60_000)));
    }
  } finally {
    troth.child.kill('SIGTERM');
    await new Promise((resolve) => troth.child.once('exit', resolve));
  }
}

const folder = mkdtempSync(join(tmpdir(), 'troth-scale-'));
const server = await postgres(folder);
try {
  await measure(folder, 'SQLite', null);
  if (server === null) {
    console.log('PostgreSQL is not measured: there is no server in /usr/lib/postgresql');
  } else {
    await measure(folder, `PostgreSQL${server.version}`, server);
  }
} finally {
  server?.stop();
  rmSync(folder, { recursive: true });
}
