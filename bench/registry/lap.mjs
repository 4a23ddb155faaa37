// The same lap against two registries, or one: node lap.mjs compare|measure|writers|many NAME=BASE,PID [NAME=BASE,PID]
// writers: registrations a second of 8 clients.
// many: what pages, latest and check take at 100 subjects and at SUBJECTS (100,000). compare: every answer of a script of requests, field by field. measure: CPU of each server's process for each request.
import { readFileSync, readdirSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { figure } from '../figure.mjs';

const [what, ...given] = process.argv.slice(2);
const servers = given.map((text) => {
  const [name, rest] = text.split('=');
  const [base, pid] = rest.split(',');
  return { name, base, pid };
});
const TYPE = 'application/vnd.schemaregistry.v1+json';
const WARM = Number(process.env.WARM ?? 3_000);
const COUNTED = Number(process.env.COUNTED ?? 3_000);

function call(base, method, path, body, agent) {
  return new Promise((done, fail) => {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const headers = text === undefined ? {} : { 'content-type': TYPE, 'content-length': Buffer.byteLength(text) };
    const asked = request(base + path, { method, agent, headers }, (response) => {
      let said = '';
      response.setEncoding('utf8');
      response.on('data', (part) => { said += part; });
      response.on('end', () => {
        let value;
        try {
          value = JSON.parse(said);
        } catch {
          value = said;
        }
        done({ status: response.statusCode, value });
      });
    });
    asked.on('error', fail);
    asked.end(text);
  });
}

const json = (schema) => ({ schemaType: 'JSON', schema: JSON.stringify(schema) });
const object = (more) => json({
  $schema: 'http://json-schema.org/draft-07/schema#', type: 'object', required: ['id'], properties: { id: { type: 'string' }, ...more },
});
const avro = (type) => ({ schema: JSON.stringify({ type: 'record', name: 'Order', namespace: 'shop', fields: [{ name: 'amount', type }] }) });

async function compare() {
  const script = [
    ['PUT', '/config', { compatibility: 'BACKWARD' }],
    ['GET', '/config'],
    ['GET', '/schemas/types'],
    ['GET', '/mode'],
    ['POST', '/subjects/order-value/versions', object({})],
    ['POST', '/subjects/order-value/versions', object({})],
    ['POST', '/subjects/order-value/versions', object({ n: { type: 'integer' } })],
    ['POST', '/subjects/avro-value/versions', avro('int')],
    ['POST', '/subjects/avro-value/versions', avro('string')],
    ['POST', '/subjects/avro-value/versions', avro('long')],
    ['GET', '/subjects'],
    ['GET', '/subjects/order-value/versions'],
    ['GET', '/subjects/order-value/versions/1'],
    ['GET', '/subjects/order-value/versions/latest'],
    ['GET', '/subjects/order-value/versions/1/schema'],
    ['GET', '/subjects/avro-value/versions/latest'],
    ['POST', '/subjects/order-value', object({})],
    ['POST', '/subjects/order-value', object({ m: {} })],
    ['POST', '/subjects/none', object({})],
    ['GET', '/subjects/none/versions'],
    ['GET', '/subjects/order-value/versions/77'],
    ['GET', '/subjects/order-value/versions/first'],
    ['GET', '/schemas/ids/987654'],
    ['POST', '/subjects/bad-value/versions', { schemaType: 'JSON', schema: '{' }],
    ['POST', '/compatibility/subjects/order-value/versions/latest', object({ id: { type: 'integer' } })],
    ['POST', '/compatibility/subjects/avro-value/versions/1', avro('string')],
    ['GET', '/config/order-value'],
    ['PUT', '/config/order-value', { compatibility: 'FULL' }],
    ['GET', '/config/order-value'],
    ['PUT', '/config/order-value', { compatibility: 'SIDEWAYS' }],
    ['DELETE', '/config/order-value'],
    ['GET', '/subjects/order-value/versions/1/referencedby'],
    ['DELETE', '/subjects/order-value/versions/1?permanent=true'],
    ['DELETE', '/subjects/order-value/versions/1'],
    ['DELETE', '/subjects/order-value/versions/1'],
    ['GET', '/subjects/order-value/versions?deleted=true'],
    ['GET', '/subjects/order-value/versions'],
    ['DELETE', '/subjects/order-value/versions/1?permanent=true'],
    ['DELETE', '/subjects/avro-value?permanent=true'],
    ['DELETE', '/subjects/avro-value'],
    ['GET', '/subjects?deleted=true'],
    ['DELETE', '/subjects/avro-value?permanent=true'],
    ['DELETE', '/subjects/none'],
    ['GET', '/subjects'],
  ];
  const ids = servers.map(() => new Map());
  const named = (value, at) => {
    // Ids differ from registry to registry; what counts is where the same one comes again.
    if (value && typeof value === 'object' && !Array.isArray(value)) {
      const out = {};
      for (const key of Object.keys(value).sort()) {
        if (key === 'id' || key === 'schemaId') {
          if (!ids[at].has(value[key])) ids[at].set(value[key], ids[at].size + 1);
          out[key] = `#${ids[at].get(value[key])}`;
        } else if (key === 'message') {
          out[key] = 'a text';
        } else {
          out[key] = value[key];
        }
      }
      return out;
    }
    return value;
  };
  let same = 0;
  for (const [method, path, body] of script) {
    const answers = [];
    for (let at = 0; at < servers.length; at++) {
      const { status, value } = await call(servers[at].base, method, path, body);
      answers.push(JSON.stringify({ status, value: named(value, at) }));
    }
    if (answers.every((answer) => answer === answers[0])) {
      same++;
    } else {
      console.log(`${method} ${path}`);
      answers.forEach((answer, at) => console.log(`  ${servers[at].name.padEnd(10)} ${answer.slice(0, 400)}`));
    }
  }
  console.log(`${same} of ${script.length} answers are the same in every field but ids and texts of messages`);
}

const spent = (pid) => readdirSync(`/proc/${pid}/task`).reduce((sum, task) => {
  try {
    return sum + Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]);
  } catch {
    return sum; // a thread that has ended
  }
}, 0);

async function lap(server, count, make, writers = 4) {
  const agent = new Agent({ keepAlive: true, maxSockets: writers });
  let at = 0;
  let failed = 0;
  const worker = async () => {
    while (at < count) {
      const [method, path, body] = make(at++);
      const { status } = await call(server.base, method, path, body, agent);
      if (status !== 200) failed++;
    }
  };
  await Promise.all(Array.from({ length: writers }, worker));
  agent.destroy();
  if (failed > 0) throw new Error(`${server.name}: ${failed} of ${count} requests failed`);
}

async function measure() {
  const costs = servers.map(() => ({}));
  for (const [index, server] of servers.entries()) {
    await call(server.base, 'PUT', '/config', { compatibility: 'BACKWARD' });
    const first = await call(server.base, 'POST', '/subjects/lap-value/versions', object({}));
    if (first.status !== 200) throw new Error(`${server.name}: ${JSON.stringify(first)}`);
    server.id = first.value.id;
    server.serial = 0;
    server.index = index;
  }
  const work = {
    'get by id': (server) => () => ['GET', `/schemas/ids/${server.id}`],
    latest: () => () => ['GET', '/subjects/lap-value/versions/latest'],
    check: () => (i) => ['POST', '/compatibility/subjects/lap-value/versions/latest', object({ [`n${i % 50}`]: { type: 'integer' } })],
    register: (server) => () => {
      const n = server.serial++;
      return ['POST', `/subjects/s${n}-value/versions`, object({ [`n${n}`]: { type: 'integer' } })];
    },
  };
  for (const [name, make] of Object.entries(work)) {
    for (const server of servers) await lap(server, WARM, make(server));
    for (let round = 0; round < 2; round++) {
      for (const server of round % 2 ? servers.toReversed() : servers) {
        const before = spent(server.pid);
        await lap(server, COUNTED, make(server));
        const micros = (spent(server.pid) - before) / 1e3 / COUNTED;
        (costs[server.index][name] ??= []).push(micros);
      }
    }
    const [ours, theirs] = costs.map((cost) => cost[name].reduce((a, b) => a + b) / cost[name].length);
    const spread = costs.map((cost) => cost[name].map((one) => one.toFixed(0)).join('/'));
    const peer = servers.length > 1 ? `, ${servers[1].name} ${theirs.toFixed(0)} µs (${spread[1]}): 1/${(theirs / ours).toFixed(1)}` : '';
    console.log(`${name.padEnd(10)} ${servers[0].name} ${ours.toFixed(0)} µs (${spread[0]})${peer}`);
    if (servers.length > 1) {
      figure(`registry.${name.split(' ')[0]}`, ours, 'µs', { peer: theirs, name: `${servers[1].name} ${process.env.PEER_VERSION}`, rounds: costs[0][name] });
    }
  }
}

/** How many registrations a second 8 writers get through. */
async function writers() {
  for (const server of servers) {
    let serial = 0;
    const make = () => {
      const n = serial++;
      return ['POST', `/subjects/w${n}-value/versions`, object({ [`w${n}`]: { type: 'integer' } })];
    };
    await lap(server, WARM, make, 8);
    for (let round = 0; round < 2; round++) {
      const before = spent(server.pid);
      const began = process.hrtime.bigint();
      await lap(server, COUNTED, make, 8);
      const seconds = Number(process.hrtime.bigint() - began) / 1e9;
      console.log(`8 writers  ${server.name} ${(COUNTED / seconds).toFixed(0)} a second, ${((spent(server.pid) - before) / 1e3 / COUNTED).toFixed(0)} µs each`);
    }
  }
}

/** The middle of some times in µs. */
async function middle(server, make) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const times = [];
  for (let i = 0; i < 300; i++) {
    const [method, path, body] = make(i);
    const began = process.hrtime.bigint();
    const { status } = await call(server.base, method, path, body, agent);
    if (status !== 200) throw new Error(`${method} ${path}: ${status}`);
    if (i >= 100) times.push(Number(process.hrtime.bigint() - began) / 1e3);
  }
  agent.destroy();
  return times.sort((a, b) => a - b)[times.length >> 1];
}

async function many() {
  const [server] = servers;
  const most = Number(process.env.SUBJECTS ?? 100_000);
  const subject = (i) => `s${String(i).padStart(6, '0')}-value`;
  const first = {};
  const ratios = [];
  // A machine that is too slow for all of it says so, and what it came to.
  const end = Date.now() + Number(process.env.SECONDS ?? 300) * 1e3;
  let filled = 0;
  for (const size of [100, most]) {
    while (size - filled > 2_000) {
      if (Date.now() > end) throw new Error(`${filled} of ${most} subjects were registered in time; ask for fewer with SUBJECTS, or for longer with SECONDS`);
      const base = filled;
      await lap(server, 2_000, (i) => ['POST', `/subjects/${subject(base + i)}/versions`, object({ [`n${base + i}`]: {} })], 16);
      filled += 2_000;
    }
    await lap(server, size - filled, (i) => ['POST', `/subjects/${subject(filled + i)}/versions`, object({ [`n${filled + i}`]: {} })]);
    filled = size;
    // Another subject each time: nothing is kept of it.
    const one = (i) => subject((i * 7919) % size);
    const work = {
      'first page': () => ['GET', '/subjects?offset=0&limit=50'],
      'last page': () => ['GET', `/subjects?offset=${size - 50}&limit=50`],
      latest: (i) => ['GET', `/subjects/${one(i)}/versions/latest`],
      check: (i) => ['POST', `/compatibility/subjects/${one(i)}/versions`, object({ [`m${i}`]: {} })],
    };
    // The first time everything is slower: it is compiled.
    if (size === 100) for (const make of Object.values(work)) for (let i = 0; i < 3; i++) await middle(server, make);
    for (const [name, make] of Object.entries(work)) {
      const took = await middle(server, make);
      first[name] ??= took;
      console.log(`${name.padEnd(10)} at ${size} subjects: ${took.toFixed(0)} µs (${(took / first[name]).toFixed(2)} times)`);
      if (size === most) ratios.push({ ratio: took / first[name], took, at100: first[name] });
    }
  }
  const worst = ratios.toSorted((a, b) => b.ratio - a.ratio)[0];
  console.log(`${most} subjects: the slowest answer takes ${worst.ratio.toFixed(2)} times what it takes at 100, expected at most 2`);
  figure('registry.growth', worst.took, 'µs', { peer: worst.at100, name: 'Troth with 100 subjects' });
  if (worst.ratio > 2) process.exitCode = 1;
}

await { compare, measure, many, writers }[what]();
