// What an update costs on SQLite and on one to three replicas on PostgreSQL, in one run, and how that grows with the log
// and with the watches. See README.md.
import { spawn, execFileSync } from 'node:child_process';
import { openSync, closeSync, existsSync, readFileSync, readdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';
import { figure } from '../figure.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const command = process.env.TROTH ?? join(root, 'troth');
const seconds = Number(process.env.SECONDS ?? 10);
const updates = Number(process.env.UPDATES ?? 1000);
const numbers = (name, usual) => (process.env[name] ?? usual).split(',').map(Number);
const replicas = numbers('REPLICAS', '1,2,3');
const changes = numbers('CHANGES', '10000,100000,1000000');
const watches = numbers('WATCHES', '100,10000,100000');
const ends = Date.now() + Number(process.env.BUDGET ?? 450) * 1000;
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
  let databases = 0;
  const running = {
    version,
    url: '',
    spent: () => [pid, ...children(pid)].reduce((sum, one) => sum + spent(one), 0),
    /** The same server with a new database. */
    empty: async () => {
      databases++;
      run('createdb', '-h', '127.0.0.1', '-p', String(port), '-U', 'troth', `troth${databases}`);
      running.url = `jdbc:postgresql://127.0.0.1:${port}/troth${databases}?user=troth`;
      return running;
    },
    stop: () => run('pg_ctl', '-D', data, '-m', 'fast', '-w', 'stop'),
  };
  return running;
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

/** Runs some platforms on one store, and ends them. */
async function among(folder, name, store, count, work) {
  const all = [];
  try {
    for (let i = 0; i < count; i++) all.push(await platform(folder, `${name}-${i}`, store));
    await work(all);
  } finally {
    for (const one of all) {
      one.child.kill('SIGTERM');
      await new Promise((resolve) => one.child.once('exit', resolve));
    }
  }
}

async function watched(address) {
  for (let record = 1; record <= clients; record++) {
    await send(address, 'PUT', `/api/records/${record}`, { name: 'r', value: '0' });
    const watches = Array.from({ length: watchers }, (_, i) =>
      ({ user: `u${record}-${i}`, target: `record/${record}`, channels: ['console'] }));
    await send(address, 'POST', '/api/watches/bulk', { watches });
  }
}

/** Each client updates a record of its own at one of the platforms, until there is no more time or the number is reached. */
async function load(all, most, milliseconds) {
  const end = Date.now() + milliseconds;
  let done = 0;
  let begun = 0;
  await Promise.all(Array.from({ length: clients }, async (_, i) => {
    while (begun < most && Date.now() < end) {
      begun++;
      await send(all[i % all.length].address, 'POST', `/api/update/${i + 1}`, { value: String(begun) });
      done++;
    }
  }));
  return done;
}

/** Sends pages, two at a time; false if the time was over before the last. */
async function inPages(from, to, page, end, sending) {
  let next = from;
  await Promise.all([0, 1].map(async () => {
    while (next < to && Date.now() < end) {
      const at = next;
      next = Math.min(to, at + page);
      await sending(at, next - at);
    }
  }));
  return next === to;
}

async function moreChanges(address, from, to, end) {
  return inPages(from, to, 1000, end, (at, count) => {
    const events = Array.from({ length: count }, (_, i) =>
      ({ specversion: '1.0', id: String(at + i), source: '/bench', type: 'grown', subject: `thing/${(at + i) % 997}`, data: { n: at + i } }));
    return send(address, 'POST', '/api/events', events, 'application/cloudevents-batch+json');
  });
}

/** Watches of other subjects, a hundred of each user. */
async function moreWatches(address, from, to, end) {
  return inPages(from, to, 500, end, (at, count) => {
    const watches = Array.from({ length: count }, (_, i) =>
      ({ user: `w${Math.floor((at + i) / 100)}`, target: `thing/w${(at + i) % 100}`, channels: ['console'] }));
    return send(address, 'POST', '/api/watches/bulk', { watches });
  });
}

async function costs(all, server, run) {
  const own = () => all.reduce((sum, one) => sum + one.spent(), 0);
  const [before, beforeServer, began] = [own(), server?.spent() ?? 0, Date.now()];
  const count = await run();
  if (count === 0) throw new Error('nothing was updated');
  const rate = (count * 1000) / (Date.now() - began);
  return { rate, own: (own() - before) / count, server: ((server?.spent() ?? 0) - beforeServer) / count };
}

function line(name, what, { rate, own, server: there }, server) {
  console.log(`${name.padEnd(14)} ${what.padEnd(18)} ${rate.toFixed(0).padStart(6)}/s  ${own.toFixed(3)} ms CPU`
    + (server === null ? '' : ` + ${there.toFixed(3)} ms in the server`));
}

/** Updates a second and what one costs. */
async function rates(folder, name, server, count) {
  await among(folder, name, server?.url ?? null, count, async (all) => {
    await watched(all[0].address);
    await load(all, 2000, 15_000); // warms up
    const what = `${count} platform${count > 1 ? 's' : ''}`;
    const cost = await costs(all, server, () => load(all, Infinity, seconds * 1000));
    line(name, what, cost, server);
    if (server === null) {
      figure('scale.sqlite', cost.rate, '/s');
      figure('scale.sqlite-cpu', cost.own * 1000, 'µs');
    } else if (count === 1) {
      figure('scale.postgresql', cost.rate, '/s');
    }
  });
}

/** What one costs as the store grows, by the same updates at each size. */
async function curve(folder, name, server, what, sizes, grow, end) {
  const leaveOut = (size) => console.log(`${name.padEnd(14)} ${`${size} ${what}`.padEnd(18)} left out: its time was over (BUDGET)`);
  if (Date.now() > end) return leaveOut(sizes.join(', '));
  await among(folder, `${name}-${what}`, server?.url ?? null, 1, async (all) => {
    await watched(all[0].address);
    await load(all, 1000, 8_000);
    let there = 0;
    const found = [];
    for (const size of sizes) {
      if (!(await grow(all[0].address, there, size, end))) return leaveOut(size);
      there = size;
      found.push(await costs(all, server, () => load(all, updates, 30_000)));
      line(name, `${size} ${what}`, found.at(-1), server);
    }
    if (server === null && sizes.length > 1) {
      figure(`scale.${what}`, found.at(-1).own * 1000, 'µs', { peer: found[0].own * 1000, name: `Troth with ${sizes[0]} ${what}` });
    }
  });
}

const folder = mkdtempSync(join(tmpdir(), 'troth-scale-'));
const server = await postgres(folder);
try {
  console.log(`${clients} clients, ${watchers} watchers a record`);
  await rates(folder, 'SQLite', null, 1);
  if (server === null) {
    console.log('PostgreSQL is not measured: there is no server in /usr/lib/postgresql');
  } else {
    for (const count of replicas) await rates(folder, `PostgreSQL${server.version}`, await server.empty(), count);
  }
  const curves = [];
  for (const [what, sizes, grow] of [['watches', watches, moreWatches], ['changes', changes, moreChanges]]) {
    curves.push(['SQLite', null, what, sizes, grow]);
    if (server !== null) curves.push([`PostgreSQL${server.version}`, server, what, sizes, grow]);
  }
  // Each has an equal part of the time that those before it left.
  while (curves.length > 0) {
    const end = Date.now() + (ends - Date.now()) / curves.length;
    const [name, on, what, sizes, grow] = curves.shift();
    await curve(folder, name, on === null ? null : await on.empty(), what, sizes, grow, end);
  }
} finally {
  server?.stop();
  rmSync(folder, { recursive: true });
}
