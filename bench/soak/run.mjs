// Mixed load with faults for a while, then an auditor that reads every client's log. See README.md.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { RECORDS, USERS, idOf, insist, reader, receiver, requester, stater, watcherOf, writer } from './clients.mjs';
import { account, audit, cameAgain } from './audit.mjs';
import { faults, smallDisk } from './faults.mjs';
import { clocksMove, platform, postgresql, ready } from './parts.mjs';

const minutes = Number(process.env.MINUTES ?? 5);
const replicas = process.env.ENGINE === 'postgresql' ? 2 : 1;
const MOST_MEBIBYTES = 400;
const MOST_THREADS = 200;

const folder = mkdtempSync(join(tmpdir(), 'troth-soak-'));
const began = Date.now();
const end = began + minutes * 60_000;
let settled = false;
let failed;
const soak = {
  platforms: [],
  logs: { writers: [], events: [], requests: [], streams: [], webhooks: undefined, faults: [], usage: [] },
  over: () => failed !== undefined || Date.now() > end,
  done: () => failed !== undefined || settled,
  gaveUp: () => failed !== undefined || Date.now() > end + 120_000,
  clock: () => new Date(Date.now() - began).toISOString().slice(11, 19),
  anyPlatform: () => soak.platforms[Math.floor(Math.random() * soak.platforms.length)],
};

async function prepare() {
  if (replicas > 1) {
    soak.database = await postgresql(folder);
    soak.database.start();
    await pause(2000);
  } else {
    const disk = join(folder, 'data-0');
    mkdirSync(disk);
    soak.disk = smallDisk(disk, 256);
    if (!soak.disk) console.log('No full disk: only root can mount one.');
  }
  if (!clocksMove) console.log('No clock that jumps: apt-get install libfaketime.');
  for (let index = 0; index < replicas; index++) {
    const part = await platform(index, folder, soak.database?.url);
    soak.platforms.push(part);
    part.start();
    await ready(part, 300_000);
  }
  const hook = await receiver(soak);
  for (let user = 0; user < USERS; user++) {
    const name = `u${user}`;
    const added = await insist(soak, 'POST', '/api/endpoints', { user: name, channel: 'webhook', address: `${hook.address}/${name}` });
    if (added.status !== 201) throw new Error(`endpoint of ${name}: ${added.text}`);
  }
  for (let record = 0; record < RECORDS; record++) {
    const watched = await insist(soak, 'POST', '/api/watches',
      { user: watcherOf(record), target: `record/${idOf(record)}`, channels: ['inbox', 'webhook'] });
    if (watched.status !== 201) throw new Error(`watch of ${record}: ${watched.text}`);
  }
  return hook;
}

async function measure() {
  while (!soak.over()) {
    for (const part of soak.platforms) {
      const usage = part.usage();
      if (usage) soak.logs.usage.push({ at: Date.now() - began, ...usage });
    }
    await pause(2000);
  }
}

/** Until nothing more comes: the webhook of each record's newest version is there, and what was sent is counted. */
async function settle() {
  let before = -1;
  for (let quiet = 0, looks = 0; quiet < 15 && looks < 240; looks++) {
    const came = soak.logs.webhooks.came.length;
    quiet = came === before ? quiet + 1 : 0;
    before = came;
    await pause(1000);
  }
}

const largest = (field, from, to) => Math.max(0, ...soak.logs.usage.filter(({ at }) => at >= from && at < to).map((each) => each[field]));

async function main() {
  const hook = await prepare();
  console.log(`${soak.clock()} ${replicas} platform(s) on ${soak.database ? 'PostgreSQL' : 'SQLite'}, ${minutes} minutes of load and faults`);
  const readers = Array.from({ length: 3 }, () => reader(soak));
  const load = [
    ...Array.from({ length: 4 }, (_, index) => writer(soak, index, 4)),
    stater(soak), requester(soak), measure(), faults(soak),
  ].map((each) => each.catch((error) => { failed ??= error; }));
  await Promise.all(load);
  if (!failed) {
    for (const part of soak.platforms) await ready(part);
    console.log(`${soak.clock()} load and faults are over; waiting for what is still to be told`);
    await settle();
  }
  settled = true;
  await Promise.all(readers);
  if (failed) throw failed;
  const told = await account(soak.platforms[0].address);
  const wrong = audit(told, soak.logs);
  hook.server.close();
  hook.server.closeAllConnections();
  const { webhooks } = soak.logs;
  const third = (minutes * 60_000) / 3;
  const [early, late] = [largest('memory', 0, third), largest('memory', 2 * third, Infinity)];
  const threads = largest('threads', 0, Infinity);
  if (late > Math.max(MOST_MEBIBYTES, early * 1.5)) wrong['wrong counts'].push(`memory grew from ${early.toFixed(0)} to ${late.toFixed(0)} MiB`);
  if (threads > MOST_THREADS) wrong['wrong counts'].push(`${threads} threads`);
  console.log(`${told.changes.length} changes of ${RECORDS} records, ${told.events.length} events, ${told.counted.good + told.counted.bad} requests; `
    + `${webhooks.came.length} webhooks came, ${webhooks.refused} were refused, ${cameAgain(soak.logs)} came again; ${soak.logs.streams.reduce((sum, each) => sum + each.connections, 0)} connections of streams, `
    + `${soak.logs.streams.reduce((sum, each) => sum + each.again, 0)} changes came again in them`);
  console.log(`faults: ${[...new Set(soak.logs.faults)].map((kind) => `${soak.logs.faults.filter((each) => each === kind).length} × ${kind}`).join(', ')}; `
    + `memory at most ${early.toFixed(0)} MiB in the first third and ${late.toFixed(0)} in the last, ${threads} threads`);
  for (const [kind, lines] of Object.entries(wrong)) {
    console.log(`${kind}: ${lines.length}`);
    for (const line of lines.slice(0, 5)) console.log(`  ${line}`);
  }
  return Object.values(wrong).every((lines) => lines.length === 0) ? 0 : 1;
}

async function stop() {
  settled = true;
  failed ??= new Error('stopped');
  for (const part of soak.platforms) await part.stop();
  await soak.database?.stop();
  if (soak.disk) execFileSync('umount', ['-l', soak.disk]);
}

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => stop().then(() => process.exit(130)));
let code = 3;
try {
  code = await main();
} catch (error) {
  console.error(`soak: ${error.stack}`);
}
await stop();
if (code === 0) rmSync(folder, { recursive: true, force: true });
else console.log(`The logs stay in ${folder}`);
process.exit(code);
