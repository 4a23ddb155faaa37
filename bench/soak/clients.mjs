// The clients of a soak. Each keeps a log of what it was promised and of what it saw; the auditor reads those logs alone.
import { createServer } from 'node:http';
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';

export const RECORDS = 40;
export const USERS = 10;
const FIRST = 1000;

export const idOf = (record) => FIRST + record;
export const recordOf = (subject) => Number(subject.slice('record/'.length)) - FIRST;
const HEADERS = { 'content-type': 'application/json' };

/** Who watches a record: one user each, so that whoever else hears of it is the wrong one. */
export const watcherOf = (record) => `u${record % USERS}`;

/** Asks until there is an answer that says yes or no: a dead platform, a halted one and a full disk say neither. */
export async function insist(soak, method, path, body, headers = {}) {
  for (let attempt = 0; ; attempt++) {
    const { address } = soak.anyPlatform();
    try {
      const response = await fetch(address + path, {
        method,
        headers: { ...HEADERS, ...headers },
        body: body === undefined ? undefined : JSON.stringify(body),
        signal: AbortSignal.timeout(20_000),
      });
      const text = await response.text();
      if (response.status < 500 && response.status !== 429) return { status: response.status, text, attempts: attempt };
    } catch {
      // nobody knows whether it was done: the same key asks again
    }
    if (soak.gaveUp()) throw new Error(`${method} ${path} had no answer until the end`);
    await pause(100 + Math.random() * 200);
  }
}

/** Writes its own records, one value after the other; promised is what was acknowledged, in its order. */
export async function writer(soak, index, count) {
  const own = Array.from({ length: RECORDS }, (_, record) => record).filter((record) => record % count === index);
  const log = { promised: new Map(own.map((record) => [record, []])), repeated: 0 };
  soak.logs.writers.push(log);
  for (let value = 1; !soak.over(); value++) {
    for (const record of own) {
      if (soak.over()) break;
      const answer = await insist(soak, 'PUT', `/api/records/${idOf(record)}`, { name: 'soak', value: String(value) },
        { 'Idempotency-Key': randomUUID() });
      if (answer.status >= 300) throw new Error(`record ${record}: ${answer.status} ${answer.text}`);
      log.promised.get(record).push(value);
      log.repeated += answer.attempts > 0;
      await pause(20);
    }
  }
}

/** States events, each under its own id; some twice on purpose. */
export async function stater(soak) {
  const log = { promised: [], twice: 0 };
  soak.logs.events.push(log);
  while (!soak.over()) {
    const id = randomUUID();
    const event = { specversion: '1.0', id, source: '/soak', type: 'soak.said', subject: `soaked/${id}`, data: { id } };
    for (let time = 0; time < (Math.random() < 0.2 ? 2 : 1); time++) {
      const answer = await insist(soak, 'POST', '/api/events', event, { 'content-type': 'application/cloudevents+json' });
      if (answer.status >= 300) throw new Error(`event: ${answer.status} ${answer.text}`);
      log.twice += time;
    }
    log.promised.push(id);
    await pause(50);
  }
}

/** Sends spans of requests, good and bad; promised are those whose batch was taken. */
export async function requester(soak) {
  const log = { good: 0, bad: 0 };
  soak.logs.requests.push(log);
  const hex = (length) => randomUUID().replaceAll('-', '').slice(0, length);
  while (!soak.over()) {
    const bad = Math.random() < 0.3;
    const now = Date.now();
    const span = {
      traceId: hex(32), spanId: hex(16), name: 'GET /soak', kind: 2,
      startTimeUnixNano: `${now - 20}000000`, endTimeUnixNano: `${now}000000`,
      attributes: [{ key: 'http.response.status_code', value: { intValue: bad ? '503' : '200' } }],
    };
    const body = { resourceSpans: [{ resource: { attributes: [{ key: 'service.name', value: { stringValue: 'soak' } }] }, scopeSpans: [{ spans: [span] }] }] };
    for (;;) {
      try {
        const response = await fetch(`${soak.anyPlatform().otlp}/v1/traces`,
          { method: 'POST', headers: HEADERS, body: JSON.stringify(body), signal: AbortSignal.timeout(20_000) });
        await response.text();
        if (response.ok) break;
        if (response.status < 500 && response.status !== 429) throw new Error(`span: ${response.status}`);
      } catch (error) {
        if (error.message.startsWith('span:')) throw error;
      }
      if (soak.gaveUp()) throw new Error('spans had no answer until the end');
      await pause(200);
    }
    log[bad ? 'bad' : 'good']++;
    await pause(100);
  }
}

/** Reads the stream from the beginning, and goes on where it was after each end. */
export async function reader(soak) {
  const log = { seen: [], again: 0, connections: 0 };
  soak.logs.streams.push(log);
  let last = '0';
  const known = new Set();
  while (!soak.done()) {
    try {
      const ending = new AbortController();
      const watch = setInterval(() => soak.done() && ending.abort(), 200);
      try {
        const response = await fetch(`${soak.anyPlatform().address}/api/stream?target=record/*`,
          { headers: { accept: 'text/event-stream', 'last-event-id': last }, signal: ending.signal });
        if (!response.ok) throw new Error(String(response.status));
        log.connections++;
        let rest = '';
        const decoder = new TextDecoder();
        for await (const part of response.body) {
          const events = (rest + decoder.decode(part, { stream: true })).split('\n\n');
          rest = events.pop();
          for (const event of events) {
            const field = (name) => new RegExp(`^${name}: ?(.*)$`, 'm').exec(event)?.[1];
            if (field('event') === 'reset') log.reset = (log.reset ?? 0) + 1;
            if (field('event') !== 'change') continue;
            const { seq } = JSON.parse(field('data'));
            if (known.has(seq)) log.again++;
            else {
              known.add(seq);
              log.seen.push(seq);
            }
            last = field('id') ?? last;
          }
        }
      } finally {
        clearInterval(watch);
      }
    } catch {
      // the platform went; go on with another, or with the same when it is back
    }
    await pause(100);
  }
}

/** Takes webhooks of all users, refuses or delays some, and logs what came under which path. */
export async function receiver(soak) {
  const log = { came: [], refused: 0 };
  soak.logs.webhooks = log;
  const server = createServer((request, response) => {
    const parts = [];
    request.on('data', (part) => parts.push(part));
    request.on('end', () => {
      const refuse = !soak.over() && Math.random() < 0.05;
      const answer = () => {
        if (!refuse) {
          const body = JSON.parse(Buffer.concat(parts));
          log.came.push({ user: request.url.slice(1), id: request.headers['webhook-id'], body });
        } else log.refused++;
        response.writeHead(refuse ? 500 : 204).end();
      };
      setTimeout(answer, Math.random() < 0.02 ? 1000 : 0);
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, address: `http://127.0.0.1:${server.address().port}` };
}
