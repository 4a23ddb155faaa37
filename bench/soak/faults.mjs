// What goes wrong during a soak, at random times and one after the other.
import { execFileSync } from 'node:child_process';
import { rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { clocksMove, ready } from './parts.mjs';

const between = (least, most) => least + Math.random() * (most - least);
const pick = (list) => list[Math.floor(Math.random() * list.length)];

async function killed(soak) {
  const part = pick(soak.platforms);
  await part.kill('SIGKILL');
  await pause(between(0, 3000));
  part.start();
  await ready(part);
  return part.name;
}

async function halted(soak) {
  const part = pick(soak.platforms);
  const millis = between(500, 9000);
  part.signal('SIGSTOP');
  await pause(millis);
  part.signal('SIGCONT');
  return `${part.name} for ${(millis / 1000).toFixed(1)} s`;
}

async function databaseKilled(soak) {
  // The postmaster alone: its children notice, and the next start recovers from its log.
  await soak.database.kill('SIGKILL');
  await pause(between(500, 3000));
  for (let attempt = 0; attempt < 40; attempt++) {
    soak.database.start();
    await pause(500);
    if (soak.database.alive) break; // not while children of the killed one hold its memory
  }
  for (const part of soak.platforms) await ready(part);
  return soak.database.name;
}

async function diskFull(soak) {
  const { bavail, bsize } = statfsSync(soak.disk);
  const file = join(soak.disk, 'filler');
  writeFileSync(file, Buffer.alloc(Math.max(0, bavail * bsize - 4096)));
  const millis = between(1000, 5000);
  await pause(millis);
  rmSync(file);
  for (const part of soak.platforms) await ready(part);
  return `for ${(millis / 1000).toFixed(1)} s`;
}

async function clockMoved(soak) {
  const part = pick(soak.platforms);
  const seconds = Math.round(between(-120, 120));
  part.moved(seconds);
  await pause(between(2000, 9000));
  part.moved(0);
  await ready(part);
  return `${part.name} by ${seconds} s, and back`;
}

/** A small disk of its own, which only root can make; undefined without. */
export function smallDisk(folder, mebibytes) {
  if (process.getuid() !== 0) return undefined;
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', folder], { stdio: 'ignore' });
    return folder;
  } catch {
    return undefined;
  }
}

/** Faults until the soak is over; each is told with what it hit. */
export async function faults(soak) {
  const kinds = { 'kill -9': killed, 'SIGSTOP': halted };
  if (soak.database) kinds['kill -9 of the database'] = databaseKilled;
  if (soak.disk) kinds['a full disk'] = diskFull;
  if (clocksMove) kinds['a clock that jumps'] = clockMoved;
  // Each kind at least once, in an order of chance, then as chance has it.
  let queue = Object.keys(kinds).sort(() => Math.random() - 0.5);
  while (!soak.over()) {
    await pause(between(3000, 9000));
    if (soak.over()) break;
    const kind = queue.pop() ?? pick(Object.keys(kinds));
    const what = await kinds[kind](soak);
    soak.logs.faults.push(kind);
    console.log(`${soak.clock()} ${kind}: ${what}`);
  }
}
