// Records and events over HTTP: Troth, and Express on better-sqlite3, in turns, on this machine. See README.md.
import { execFileSync, spawn } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';
import { figure } from '../figure.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..');
const seconds = Number(process.env.SECONDS ?? 10);
const rounds = Number(process.env.ROUNDS ?? 3);
const streams = 10;
const folder = mkdtempSync(join(tmpdir(), 'troth-bench-platform-'));
const children = [];

const freePort = () =>
  new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

/** CPU microseconds of a process's threads so far, by the scheduler's clock. */
const spent = (pid) =>
  readdirSync(`/proc/${pid}/task`).reduce((sum, task) => {
    try {
      return sum + Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]) / 1e3;
    } catch {
      return sum; // a thread that has ended
    }
  }, 0);

async function start(name, command, args, env) {
  const log = join(folder, `${name}.log`);
  const out = openSync(log, 'a');
  const began = performance.now();
  const child = spawn(command, args, { stdio: ['ignore', out, out], env: { ...process.env, ...env } });
  closeSync(out);
  children.push(child);
  while (!readFileSync(log, 'utf8').includes('ready')) {
    if (child.exitCode !== null) throw new Error(`${name} ended: ${readFileSync(log, 'utf8').slice(-500)}`);
    if (performance.now() - began > 300_000) throw new Error(`${name} was not ready within five minutes`);
    await pause(2);
  }
  return { name, pid: child.pid, ready: performance.now() - began };
}

/** Streams that read everything, by raw sockets, so that the driver is not the limit; counts the events. */
async function follow(port, type) {
  const sockets = await Promise.all(Array.from({ length: streams }, () => new Promise((resolve, fail) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(`GET /api/stream HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAccept: ${type}\r\n\r\n`));
    socket.once('error', fail);
    socket.once('data', (head) => (head.toString().startsWith('HTTP/1.1 200') ? resolve(socket) : fail(new Error(head.toString().slice(0, 300)))));
  })));
  let events = 0;
  for (const socket of sockets) {
    socket.on('error', () => {});
    let rest = '';
    socket.on('data', (part) => {
      const lines = (rest + part.toString('latin1')).split('\n');
      rest = lines.pop();
      events += lines.filter((line) => line.startsWith('event: change') || line.startsWith('event:change')).length;
    });
  }
  return { events: () => events, end: () => sockets.forEach((socket) => socket.destroy()) };
}

let salt = 0;
async function load(side, mix, length) {
  salt++;
  const before = spent(side.pid);
  const out = await new Promise((resolve, fail) => {
    const wrk = spawn('wrk', ['-t2', '-c8', `-d${length}s`, '-s', join(here, 'load.lua'), `http://127.0.0.1:${side.port}`],
      { env: { ...process.env, MIX: mix ? '1' : '0', SALT: String(salt) } });
    children.push(wrk);
    let said = '';
    wrk.stdout.on('data', (part) => { said += part; });
    wrk.stderr.on('data', (part) => { said += part; });
    wrk.once('error', fail);
    wrk.once('exit', (code) => (code === 0 ? resolve(said) : fail(new Error(said))));
  });
  const failed = /Non-2xx or 3xx responses: (\d+)/.exec(out);
  if (failed) throw new Error(`${side.name} refused ${failed[1]} requests`);
  const done = Number(/(\d+) requests in/.exec(out)[1]);
  return { rate: Number(/Requests\/sec:\s+([\d.]+)/.exec(out)[1]), each: (spent(side.pid) - before) / done, done };
}

async function round(side, mix, length) {
  const streaming = mix ? await follow(side.port, 'text/event-stream') : null;
  const result = await load(side, mix, length);
  if (mix) {
    // Whoever answers sooner than it tells is given the time to.
    const end = Date.now() + 10_000;
    while (streaming.events() < result.done * streams && Date.now() < end) await pause(20);
    if (streaming.events() < result.done * streams) {
      console.log(`${side.name}: ${streaming.events()} of ${result.done * streams} events came to the streams within 10 s`);
    }
    streaming.end();
  }
  return result;
}

const median = (list) => list.toSorted((a, b) => a - b)[list.length >> 1];

async function end(child) {
  if (child.exitCode === null && child.signalCode === null) {
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    const late = setTimeout(() => child.kill('SIGKILL'), 10_000);
    await gone;
    clearTimeout(late);
  }
}

async function stop() {
  for (const child of children) await end(child);
  rmSync(folder, { recursive: true, force: true });
}
for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => stop().then(() => process.exit(143)));

try {
  if (!existsSync(join(here, 'node_modules'))) throw new Error('the peer is not there: npm ci --prefix bench/platform');
  const [ours, theirs] = [await freePort(), await freePort()];
  const troth = (data) => start(data, join(root, 'troth'), ['up', '--data', join(folder, `${data}-data`), '--port', String(ours), '--registry-listen', 'off',
    '--otlp-http', 'off', '--otlp-grpc', 'off', '--limits-rate', '1000000'], {});
  let platform = await troth('Troth');
  if (readFileSync(join(folder, 'Troth.log'), 'utf8').includes('preparing')) {
    // The first start of a build makes its cache of classes.
    await end(children.at(-1));
    platform = { ...(await troth('again')), name: 'Troth' };
  }
  await pause(seconds * 1000);
  const idle = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${platform.pid}/status`, 'utf8'))[1]) / 1024;
  console.log(`Troth is ready after ${platform.ready.toFixed(0)} ms and takes ${idle.toFixed(0)} MB at rest`);
  figure('platform.ready', platform.ready, 'ms');
  figure('platform.idle', idle, 'MB');
  const peer = await start('Express', process.execPath, [join(here, 'peer.mjs')], { PORT: theirs, DB: join(folder, 'peer.db'), NODE_ENV: 'production' });
  const sides = [{ ...platform, port: ours }, { ...peer, port: theirs }];
  const versions = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8')).dependencies;
  const name = `Express ${versions.express}, better-sqlite3 ${versions['better-sqlite3']}, Node ${process.versions.node}`;
  for (const [key, mix, what] of [['puts', false, 'record PUTs, 8 writers'], ['events', true, `record PUTs and events, 8 writers, ${streams} streams`]]) {
    const found = sides.map(() => ({ rate: [], each: [] }));
    for (const side of sides) await round(side, mix, seconds); // warms up
    for (let i = 0; i < rounds; i++) {
      for (const at of i % 2 ? [1, 0] : [0, 1]) {
        const one = await round(sides[at], mix, seconds);
        found[at].rate.push(one.rate);
        found[at].each.push(one.each);
      }
    }
    const [mine, other] = found.map((one) => ({ rate: median(one.rate), each: median(one.each) }));
    console.log(`${what}: Troth ${mine.rate.toFixed(0)}/s, ${mine.each.toFixed(0)} µs CPU each; Express ${other.rate.toFixed(0)}/s, ${other.each.toFixed(0)} µs`);
    figure(`platform.${key}`, mine.rate, '/s', { peer: other.rate, name, rounds: found[0].rate });
    figure(`platform.${key}-cpu`, mine.each, 'µs', { peer: other.each, name, rounds: found[0].each });
  }
} finally {
  await stop();
}
