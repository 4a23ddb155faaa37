// CPU a page, against the same islands rendered in Node: node bench/console/run.mjs BASE PID
// BASE is a running platform, PID its process. Needs one run of console/test/parity/compare.mjs before.
import { fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { figure } from '../figure.mjs';

const [base, pid] = process.argv.slice(2);
const WARM = Number(process.env.WARM ?? 20_000);
const COUNTED = Number(process.env.COUNTED ?? 20_000);
const TICK_MICROS = 10_000; // Linux counts CPU in hundredths of a second

const cpu = (process) => {
  const fields = readFileSync(`/proc/${process}/stat`, 'utf8').replace(/^.*\) /, '').split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MICROS;
};

function get(agent, url) {
  return new Promise((done, fail) => {
    request(url, { agent, headers: { accept: 'text/html' } }, (response) => {
      if (response.statusCode !== 200) fail(new Error(`${url} answers ${response.statusCode}`));
      response.resume().on('end', done);
    }).on('error', fail).end();
  });
}

async function load(url, count) {
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  let left = count;
  const worker = async () => {
    while (left-- > 0) await get(agent, url);
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  agent.destroy();
}

async function measured(name, process, url) {
  await load(url, WARM);
  const before = cpu(process);
  await load(url, COUNTED);
  const micros = (cpu(process) - before) / COUNTED;
  console.log(`${name.padEnd(52)} ${micros.toFixed(0).padStart(6)} µs CPU a request`);
  return micros;
}

for (let record = 1; record <= 60; record++) {
  const answer = await fetch(`${base}/api/records/${record}`, {
    method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ name: `record ${record}`, value: 'a promise kept' }),
  });
  if (!answer.ok) throw new Error(`record ${record}: ${answer.status} ${await answer.text()}`);
}

const peer = fork(new URL('peer.mjs', import.meta.url), { silent: false });
const port = await new Promise((done) => peer.once('message', done));
const there = `http://127.0.0.1:${port}`;
try {
  const icon = await measured('platform, the icon (control: HTTP alone)', pid, `${base}/favicon.svg`);
  const page = await measured('platform, a record with its state from the database', pid, `${base}/records/1`);
  const records = await measured('platform, the overview with 60 records', pid, `${base}/`);
  const login = await measured('platform, a page without a database', pid, `${base}/login`);
  const nothing = await measured('Node, an empty answer (control: HTTP alone)', peer.pid, `${there}/nothing`);
  const same = await measured('Node, the same islands, state at hand', peer.pid, `${there}/records/1`);
  console.log(`filling a page over the control: ${(login - icon).toFixed(0)} µs; with its reads ${(page - icon).toFixed(0)} µs`);
  console.log(`Node over its control: ${(same - nothing).toFixed(0)} µs, ${((same - nothing) / (page - icon)).toFixed(1)} × the platform's, which reads its state besides`);
  figure('console.page', page - icon, 'µs', { peer: same - nothing, name: `the same islands in Node ${process.versions.node}` });
  figure('console.records', records - icon, 'µs');
} finally {
  peer.kill();
}
