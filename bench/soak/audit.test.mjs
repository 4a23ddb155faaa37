// The auditor finds what is forged, and nothing in an honest soak: node bench/soak/audit.test.mjs
// Prints one line a check, "ok NAME" or "not ok NAME: REASON"; SoakAuditTest reads them.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { AGAIN_A_FAULT, account, audit } from './audit.mjs';
import { RECORDS, USERS, idOf, recordOf, watcherOf } from './clients.mjs';

const ROUNDS = 3;

/** A soak in which all went well: each record written in each round, some webhooks coalesced, one that came twice. */
function soak() {
  const changes = [];
  const promised = new Map(Array.from({ length: RECORDS }, (_, record) => [record, []]));
  for (let value = 1; value <= ROUNDS; value++) {
    for (let record = 0; record < RECORDS; record++) {
      changes.push({ seq: 10 + 2 * changes.length, subject: `record/${idOf(record)}`, version: value, after: { value: String(value) } });
      promised.get(record).push(value);
    }
  }
  const ids = ['5f', '0a', 'c3'];
  const events = ids.map((id, index) => ({ seq: 11 + 2 * index, subject: `soaked/${id}`, version: 1 }));
  const ofUser = (user) => changes.filter(({ subject }) => watcherOf(recordOf(subject)) === user);
  const inboxes = new Map(Array.from({ length: USERS }, (_, user) => [`u${user}`, ofUser(`u${user}`).reverse()]));
  const came = changes
    .filter(({ version, seq }) => version === ROUNDS || seq % 3)
    .map(({ seq, subject, version }) => {
      const user = watcherOf(recordOf(subject));
      return { user, id: `msg-${seq}`, body: { data: { user, change: { subject, version } } } };
    });
  came.push(structuredClone(came.at(-1)));
  return {
    told: { changes, events, inboxes, counted: { good: 70, bad: 30 } },
    logs: {
      writers: [{ promised }],
      events: [{ promised: ids }],
      requests: [{ good: 50, bad: 20 }, { good: 20, bad: 10 }],
      streams: [{ seen: changes.map(({ seq }) => seq), again: 0 }],
      webhooks: { came },
      faults: ['kill -9'],
    },
  };
}

const swap = (list, one, other) => ([list[one], list[other]] = [list[other], list[one]]);
const values = ({ logs }, record) => logs.writers[0].promised.get(record);
const webhook = ({ logs }, subject, version) =>
  logs.webhooks.came.find(({ body: { data } }) => data.change.subject === subject && data.change.version === version);

/** What is done to an honest soak, and the one line that the auditor then has to say, under its kind. */
const FORGERIES = {
  'a write that was acknowledged and is not in the log': ['lost', 'record 7: 4', (s) => values(s, 7).push(4)],
  'a write that nobody was promised': ['duplicated', 'record 7: 3, which nobody was promised', (s) => values(s, 7).pop()],
  'an event that was taken and is not in the log': ['lost', 'events: 0a', ({ told }) => told.events.splice(1, 1)],
  'an event that is twice in the log': ['duplicated', 'events: 0a, 2 times', ({ told }) => told.events.push({ ...told.events[1], seq: 99 })],
  'a change that a stream left out': ['lost', 'stream 0: 18', ({ logs }) => logs.streams[0].seen.splice(4, 1)],
  'a change that a stream made up': ['duplicated', 'stream 0: 9999, which nobody was promised', ({ logs }) => logs.streams[0].seen.push(9999)],
  'a change that came twice in a stream': ['duplicated', 'stream 0: 2 changes came again', ({ logs }) => { logs.streams[0].again = 2; }],
  'changes out of order in a stream': ['misordered', 'stream 0: 1 places, first 18', ({ logs }) => swap(logs.streams[0].seen, 4, 5)],
  'a stream that was reset': ['lost', 'stream 0 was reset 1 times', ({ logs }) => { logs.streams[0].reset = 1; }],
  'a notification that is not in an inbox': ['lost', 'inbox of u3: 16', ({ told }) => told.inboxes.get('u3').pop()],
  'a notification that is twice in an inbox': ['duplicated', 'inbox of u3: 16, 2 times', ({ told }) => told.inboxes.get('u3').push(told.inboxes.get('u3').at(-1))],
  'notifications out of order in an inbox': ['misordered', 'inbox of u3: 1 places, first 16', ({ told }) => swap(told.inboxes.get('u3'), 11, 10)],
  "a notification in another user's inbox": ['to the wrong user', 'change 10 is in the inbox of u1', ({ told }) => told.inboxes.get('u1').push(told.changes[0])],
  "a webhook at another user's address": ['to the wrong user', 'webhook of record/1004 for u4 came to u5', (s) => { webhook(s, 'record/1004', ROUNDS).user = 'u5'; }],
  'a webhook in the name of another user': ['to the wrong user', 'webhook of record/1004 for u5 came to u4', (s) => { webhook(s, 'record/1004', ROUNDS).body.data.user = 'u5'; }],
  'a webhook of the newest version that did not come': ['lost', 'webhook: record/1004 is at version 3, 2 came last', ({ logs }) => {
    logs.webhooks.came = logs.webhooks.came.filter(({ body: { data } }) => data.change.subject !== 'record/1004' || data.change.version < ROUNDS);
  }],
  'webhooks out of order': ['misordered', 'webhook: version 2 of record/1004 after 3', (s) => {
    const { came } = s.logs.webhooks;
    swap(came, came.indexOf(webhook(s, 'record/1004', 2)), came.indexOf(webhook(s, 'record/1004', 3)));
  }],
  'a webhook that came under two ids': ['duplicated', 'webhook: version 2 of record/1004 under another id', (s) => {
    const { came } = s.logs.webhooks;
    const one = webhook(s, 'record/1004', 2);
    came.splice(came.indexOf(one), 0, { ...one, id: 'msg-other' });
  }],
  'a webhook of a version that nobody wrote': ['duplicated', 'webhook: version 0 of record/1004, which nobody wrote', (s) => {
    const one = webhook(s, 'record/1004', ROUNDS);
    s.logs.webhooks.came.unshift({ ...one, id: 'msg-other', body: { data: { user: 'u4', change: { subject: 'record/1004', version: 0 } } } });
  }],
  'more webhooks again than the faults explain': ['duplicated', `${AGAIN_A_FAULT + 1} webhooks came again, at most ${AGAIN_A_FAULT} after 1 faults`,
    ({ logs }) => logs.webhooks.came.push(...Array(AGAIN_A_FAULT).fill(logs.webhooks.came.at(-1)))],
  'a bad request that was counted as good': ['wrong counts', 'the objective counted 71 good and 29 bad, 70 and 30 were taken',
    ({ told }) => { told.counted = { good: 71, bad: 29 }; }],
  'a request that was not counted': ['wrong counts', 'the objective counted 69 good and 30 bad, 70 and 30 were taken', ({ told }) => { told.counted.good--; }],
};

async function check(name, run) {
  try {
    await run();
    console.log(`ok ${name}`);
  } catch (error) {
    console.log(`not ok ${name}: ${String(error.message).replaceAll(/\s+/g, ' ').slice(0, 600)}`);
  }
}

const said = ({ told, logs }) => Object.entries(audit(told, logs)).flatMap(([kind, lines]) => lines.map((line) => `${kind}, ${line}`));

await check('nothing is found in an honest soak', () => assert.deepEqual(said(soak()), []));

for (const [name, [kind, line, forge]] of Object.entries(FORGERIES)) {
  await check(`${name} is found`, () => {
    const forged = soak();
    forge(forged);
    // Several lines may be right, such as those of a version that came too early; the forged one is always among them.
    const lines = said(forged);
    assert.ok(lines.includes(`${kind}, ${line}`), `it says [${lines.join('; ')}], expected "${kind}, ${line}"`);
    assert.deepEqual(lines.filter((each) => !each.startsWith(`${kind}, `)).filter((each) => !/^lost, webhook/.test(each)), [], 'other kinds');
  });
}

await check("a write that the log has twice is found wherever it was told", () => {
  const forged = soak();
  forged.told.changes.push({ ...forged.told.changes.at(-1), seq: 9999, version: 4 });
  const lines = said(forged);
  for (const line of ['duplicated, record 39: 3, 2 times', 'lost, stream 0: 9999', 'lost, inbox of u9: 9999']) {
    assert.ok(lines.includes(line), `it says [${lines.join('; ')}], expected "${line}"`);
  }
});

await check('all pages of a platform are read', async () => {
  const { told, logs } = soak();
  const page = (items, before) => {
    const rest = before === null ? items : items.filter(({ seq }) => seq < Number(before));
    const shown = rest.slice(0, 7);
    return { items: shown, next: rest.length > shown.length ? shown.at(-1).seq : null };
  };
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url, 'http://localhost');
    const before = searchParams.get('before');
    const answer = {
      '/api/subjects/changes': () => page((searchParams.get('target') === 'record/*' ? told.changes : told.events).toReversed(), before),
      '/api/inbox': () => page(told.inboxes.get(searchParams.get('user')), before),
      '/api/objectives': () => ({ objectives: [{ name: 'other', requests: { good: 1, bad: 1 } }, { name: 'soak', requests: told.counted }] }),
    }[pathname]();
    response.end(JSON.stringify(answer));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    assert.deepEqual(await account(`http://127.0.0.1:${server.address().port}`), told);
    assert.deepEqual(said({ told, logs }), []);
  } finally {
    server.close();
    server.closeAllConnections();
  }
});
