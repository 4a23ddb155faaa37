// The processes of a soak: platforms, and the database server that they share.
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, chownSync, closeSync, existsSync, mkdirSync, openSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..');

export const freePort = () =>
  new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

/** What gives a process a clock of its own: libfaketime of Debian's package of that name. */
const FAKETIME = '/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1';

export const clocksMove = existsSync(FAKETIME);

/** A process that may be killed, halted and started again with the same arguments. */
class Part {
  constructor(name, folder, command, args, options = {}) {
    Object.assign(this, { name, command, args, options, log: join(folder, `${name}.log`), starts: 0 });
  }

  start() {
    const out = openSync(this.log, 'a');
    this.child = spawn(this.command, this.args, {
      stdio: ['ignore', out, out],
      env: { ...process.env, ...this.options.env },
      uid: this.options.uid,
      gid: this.options.gid,
    });
    closeSync(out);
    this.starts++;
    this.gone = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.once('error', (error) => { this.failed = error; });
  }

  get pid() {
    return this.child.pid;
  }

  get alive() {
    return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  signal(name) {
    if (this.alive) this.child.kill(name);
  }

  async kill(name) {
    this.signal(name);
    await this.gone;
  }

  async stop() {
    if (!this.alive) return;
    this.signal('SIGCONT');
    this.signal('SIGTERM');
    const late = setTimeout(() => this.signal('SIGKILL'), 20_000);
    await this.gone;
    clearTimeout(late);
  }

  /** Resident mebibytes and threads; undefined while there is no process. */
  usage() {
    try {
      const status = readFileSync(`/proc/${this.pid}/status`, 'utf8');
      return {
        memory: Number(/VmRSS:\s+(\d+)/.exec(status)[1]) / 1024,
        threads: Number(/Threads:\s+(\d+)/.exec(status)[1]),
      };
    } catch {
      return undefined;
    }
  }
}

/** A platform with a data folder of its own, on a port that stays its own. */
export async function platform(index, folder, store) {
  const [port, otlp] = [await freePort(), await freePort()];
  const data = join(folder, `data-${index}`);
  mkdirSync(data, { recursive: true });
  const args = ['up', '--data', data, '--http-listen', String(port), '--otlp-http', String(otlp), '--otlp-grpc', 'off',
    '--registry-listen', 'off', '--limits-rate', '100000', '--watch-webhooks-allow', '127.0.0.1/32',
    '--slo-files', join(here, 'objective.yaml'), '--slo-watermark', '10s'];
  if (store) args.push('--store-url', store);
  // Its own process, not the launcher's shell: a signal has to reach it.
  const clock = join(folder, `clock-${index}`);
  const moved = (seconds) => {
    // In one piece: the process looks at it whenever it asks for the time.
    writeFileSync(`${clock}.new`, `${seconds < 0 ? '-' : '+'}${Math.abs(seconds)}`);
    renameSync(`${clock}.new`, clock);
  };
  moved(0);
  // Of the wall alone: how long something takes is asked of a clock that nobody sets.
  const env = clocksMove
    ? { LD_PRELOAD: FAKETIME, FAKETIME_TIMESTAMP_FILE: clock, FAKETIME_NO_CACHE: '1', FAKETIME_DONT_FAKE_MONOTONIC: '1' }
    : {};
  const part = new Part(`platform-${index}`, folder, process.env.TROTH ?? join(root, 'troth'), args, { env });
  Object.assign(part, { data, moved, address: `http://127.0.0.1:${port}`, otlp: `http://127.0.0.1:${otlp}` });
  return part;
}

export async function ready(part, limit = 120_000) {
  const end = Date.now() + limit;
  while (Date.now() < end) {
    if (part.failed) throw part.failed;
    try {
      const response = await fetch(`${part.address}/-/ready`, { signal: AbortSignal.timeout(2000) });
      if (response.ok) return;
    } catch {
      // not yet
    }
    if (!part.alive) throw new Error(`${part.name} ended by itself: ${readFileSync(part.log, 'utf8').slice(-1500)}`);
    await pause(50);
  }
  throw new Error(`${part.name} was not ready within ${limit / 1000} s: ${readFileSync(part.log, 'utf8').slice(-1500)}`);
}

/** PostgreSQL from the machine's own packages; it does not run as root, so root lends it to nobody. */
export async function postgresql(folder) {
  const base = '/usr/lib/postgresql';
  const version = existsSync(base) ? readdirSync(base).sort((a, b) => b - a)[0] : undefined;
  if (!version) throw new Error(`there is no PostgreSQL in ${base}: apt-get install postgresql`);
  const bin = join(base, version, 'bin');
  const data = join(folder, 'pg');
  mkdirSync(data);
  let user = {};
  if (process.getuid() === 0) {
    const [uid, gid] = ['-u', '-g'].map((flag) => Number(execFileSync('id', [flag, 'nobody']).toString()));
    user = { uid, gid };
    chownSync(data, uid, gid);
    chmodSync(data, 0o700);
    chmodSync(folder, 0o755);
  }
  execFileSync(join(bin, 'initdb'), ['-D', data, '-U', 'troth', '-A', 'trust', '-E', 'UTF8', '--no-locale'], { ...user, stdio: 'ignore' });
  const port = await freePort();
  const part = new Part('postgresql', folder, join(bin, 'postgres'),
    ['-D', data, '-p', String(port), '-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='], user);
  part.url = `jdbc:postgresql://127.0.0.1:${port}/postgres?user=troth`;
  return part;
}
