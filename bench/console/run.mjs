// CPU a page, against the same islands rendered in Node, and how it grows: node bench/console/run.mjs BASE PID OTLP
// BASE is a running platform, PID its process, OTLP where it takes spans. Needs one run of console/test/parity/compare.mjs before.
import { fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { figure } from '../figure.mjs';

const [base, pid, otlp] = process.argv.slice(2);
const WARM = Number(process.env.WARM ?? 20_000);
const COUNTED = Number(process.env.COUNTED ?? 20_000);
const NOTICES = Number(process.env.NOTICES ?? 250);
const SPANS = Number(process.env.SPANS ?? 120_000);
const TIMES = Number(process.env.TIMES ?? 100);
const TICK_MICROS = 10_000; // Linux counts CPU in hundredths of a second
const SPANS_A_TRACE = 4;

const cpu = (process) => {
  const fields = readFileSync(`/proc/${process}/stat`, 'utf8').replace(/^.*\) /, '').split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MICROS;
};

function get(agent, url) {
  return new Promise((done, fail) => {
    request(url, { agent, headers: { accept: url.includes('/api/') ? 'application/json' : 'text/html' } }, (response) => {
      if (response.statusCode !== 200) fail(new Error(`${url} answers ${response.statusCode}`));
      response.resume().on('end', done);
    }).on('error', fail).end();
  });
}

async function load(address, count) {
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  let left = count;
  const worker = async () => {
    while (left-- > 0) await get(agent, address());
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  agent.destroy();
}

async function measured(name, process, url, count = COUNTED) {
  const address = typeof url === 'string' ? () => url : url;
  await load(address, Math.ceil((WARM * count) / COUNTED));
  const before = cpu(process);
  await load(address, count);
  const micros = (cpu(process) - before) / count;
  console.log(`${name.padEnd(62)} ${micros.toFixed(0).padStart(6)} µs CPU a request`);
  return micros;
}

/** An address that nobody has asked for before: the page is read and filled for it. */
let asked = 0;
const fresh = (path) => () => `${base}${path}?asked=${++asked}`;

async function sent(url, method, body, type = 'application/json') {
  const answer = await fetch(url, { method, headers: { 'content-type': type }, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${await answer.text()}`);
  await answer.arrayBuffer();
}

/** Tells the user of events, as many at a time as a batch may have. */
async function notices(from, to) {
  for (let i = from; i < to; i += 50) {
    const events = Array.from({ length: Math.min(50, to - i) }, (_, k) => ({
      specversion: '1.0', id: `${i + k}`, source: '/bench', type: 'order.placed', subject: `order/${i + k}`, data: { total: i + k, note: 'a promise kept' },
    }));
    await sent(`${base}/api/events`, 'POST', events, 'application/cloudevents-batch+json');
  }
}

const hex = (number, digits) => number.toString(16).padStart(digits, '0');

/** Stores spans, four a trace of two services. */
async function spans(from, to) {
  for (let i = from; i < to; i += 2_000) {
    const now = BigInt(Date.now()) * 1_000_000n;
    const of = (service, which) => ({
      resource: { attributes: [{ key: 'service.name', value: { stringValue: service } }] },
      scopeSpans: [{ spans: Array.from({ length: Math.min(2_000, to - i) }, (_, k) => i + k).filter((n) => n % 2 === which).map((n) => ({
        traceId: hex(Math.floor(n / SPANS_A_TRACE) + 1, 32), spanId: hex(n + 1, 16), name: 'GET /orders', kind: 2,
        ...(n % SPANS_A_TRACE && { parentSpanId: hex(n - (n % SPANS_A_TRACE) + 1, 16) }),
        startTimeUnixNano: String(now + BigInt(n)), endTimeUnixNano: String(now + BigInt(n) + 1_000_000n),
      })) }],
    });
    await sent(`${otlp}/v1/traces`, 'POST', { resourceSpans: [of('shop', 0), of('store', 1)] });
  }
}

const LISTS = ['/api/inbox', '/api/inbox/unread', '/api/inbox?state=read', '/api/subjects/changes', '/api/subjects/changes?target=order/*', '/api/subjects?prefix=order/', '/api/traces'];

/** What each list and page costs when it is read. */
async function costs(times) {
  const found = new Map();
  for (const list of LISTS) found.set(list, await measured(`${list}, ${times} times the data`, pid, base + list, COUNTED / 5));
  for (const page of ['/inbox', '/traces']) found.set(page, await measured(`${page} read afresh, ${times} times the data`, pid, fresh(page), COUNTED / 5));
  return found;
}

for (let record = 1; record <= 60; record++) {
  await sent(`${base}/api/records/${record}`, 'PUT', { name: `record ${record}`, value: 'a promise kept' });
}

const peer = fork(new URL('peer.mjs', import.meta.url), { silent: false });
const port = await new Promise((done) => peer.once('message', done));
const there = `http://127.0.0.1:${port}`;
try {
  const icon = await measured('platform, the icon (control: HTTP alone)', pid, `${base}/favicon.svg`);
  const page = await measured('platform, a record', pid, `${base}/records/1`);
  const records = await measured('platform, the overview with 60 records', pid, `${base}/`);
  const pageAfresh = await measured('platform, a record read afresh', pid, fresh('/records/1'));
  const recordsAfresh = await measured('platform, the overview with 60 records read afresh', pid, fresh('/'));
  const login = await measured('platform, a page without a database', pid, `${base}/login`);
  const nothing = await measured('Node, an empty answer (control: HTTP alone)', peer.pid, `${there}/nothing`);
  const same = await measured('Node, the same islands, state at hand', peer.pid, `${there}/records/1`);
  console.log(`filling a page over the control: ${(login - icon).toFixed(0)} µs; a page that did not move ${(page - icon).toFixed(0)} µs; with its reads ${(pageAfresh - icon).toFixed(0)} µs, the overview ${(recordsAfresh - icon).toFixed(0)} µs`);
  console.log(`Node over its control: ${(same - nothing).toFixed(0)} µs, ${((same - nothing) / (page - icon)).toFixed(1)} × the platform's`);
  figure('console.page', page - icon, 'µs', { peer: same - nothing, name: `the same islands in Node ${process.versions.node}` });
  figure('console.records', records - icon, 'µs');

  await sent(`${base}/api/watches`, 'POST', { target: 'order/*', ownChanges: true });
  await notices(0, NOTICES);
  await spans(0, SPANS / TIMES);
  const once = await costs(1);
  await spans(SPANS / TIMES, SPANS);
  const data = [];
  for (const path of ['/', '/inbox', '/traces', '/records/1']) {
    data.push((await measured(`${path} with ${NOTICES} notices and ${SPANS} spans`, pid, base + path)) - icon);
    await measured(`${path} the same, read afresh`, pid, fresh(path), COUNTED / 5);
  }
  figure('console.data', Math.max(...data), 'µs');
  await notices(NOTICES, NOTICES * TIMES);
  const often = await costs(TIMES);
  const [worst] = [...often.keys()].sort((one, other) => often.get(other) / once.get(other) - often.get(one) / once.get(one));
  console.log(`grows most: ${worst}, ${(often.get(worst) / once.get(worst)).toFixed(2)} × at ${TIMES} times the data`);
  figure('console.growth', often.get(worst), 'µs', { peer: once.get(worst), name: `without it: ${worst}` });
} finally {
  peer.kill();
}
