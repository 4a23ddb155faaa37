// The auditor: holds what clients were promised against the log, and what was told against both.
import { RECORDS, USERS, idOf, recordOf, watcherOf } from './clients.mjs';

const get = async (soak, path) => {
  const response = await fetch(soak.platforms[0].address + path, { signal: AbortSignal.timeout(60_000) });
  if (!response.ok) throw new Error(`GET ${path}: ${response.status} ${await response.text()}`);
  return response.json();
};

async function pages(soak, path, cursor) {
  const items = [];
  let next = '';
  do {
    const page = await get(soak, path + (next ? `&${cursor}=${next}` : ''));
    items.push(...page.items);
    next = page.next;
  } while (next !== undefined && next !== null);
  return items;
}

/** All that is wrong, a line each; empty when every promise was kept. */
export async function audit(soak) {
  const wrong = { lost: [], duplicated: [], misordered: [], 'to the wrong user': [], 'wrong counts': [] };
  const { logs } = soak;
  const changes = (await pages(soak, '/api/subjects/changes?target=record/*&limit=200', 'before')).reverse();
  const bySubject = new Map();
  for (const change of changes) bySubject.set(change.subject, [...(bySubject.get(change.subject) ?? []), change]);
  for (const [index, change] of changes.entries()) {
    if (index > 0 && change.seq <= changes[index - 1].seq) wrong.misordered.push(`change ${change.seq} in the log`);
  }
  for (const { promised } of logs.writers) {
    for (const [record, values] of promised) {
      const written = (bySubject.get(`record/${idOf(record)}`) ?? []).map((change) => Number(change.after.value));
      compare(wrong, `record ${record}`, values, written);
    }
  }
  const said = await pages(soak, '/api/subjects/changes?target=soaked/*&limit=200', 'before');
  compare(wrong, 'events', logs.events.flatMap(({ promised }) => promised).sort(), said.map((change) => change.subject.slice(7)).sort());

  const all = changes.map((change) => change.seq);
  for (const [index, stream] of logs.streams.entries()) {
    compare(wrong, `stream ${index}`, all, stream.seen);
    if (stream.reset) wrong.lost.push(`stream ${index} was reset ${stream.reset} times`);
  }
  for (let user = 0; user < USERS; user++) {
    const items = await pages(soak, `/api/inbox?user=u${user}&state=all&limit=200`, 'before');
    const told = items.map((item) => item.seq ?? item.change.seq).sort((a, b) => a - b);
    const owed = changes.filter((change) => watcherOf(recordOf(change.subject)) === `u${user}`).map((change) => change.seq);
    compare(wrong, `inbox of u${user}`, owed, told);
  }
  webhooks(wrong, soak, bySubject);
  const objective = await get(soak, '/api/objectives');
  const counted = soak.counted(objective);
  const sent = logs.requests.reduce((sum, { good, bad }) => ({ good: sum.good + good, bad: sum.bad + bad }), { good: 0, bad: 0 });
  if (counted.good !== sent.good || counted.bad !== sent.bad) {
    wrong['wrong counts'].push(`the objective counted ${counted.good} good and ${counted.bad} bad, ${sent.good} and ${sent.bad} were taken`);
  }
  return { wrong, changes: changes.length, events: said.length, sent };
}

/** A newer change may take the place of one that waits; what comes goes to its user, in order, and the newest comes. */
function webhooks(wrong, soak, bySubject) {
  const known = new Set();
  const newest = new Map();
  for (const { user, id, body } of soak.logs.webhooks.came) {
    const { subject, version } = body.data.change;
    if (known.has(id)) {
      soak.logs.webhooks.again = (soak.logs.webhooks.again ?? 0) + 1;
      continue;
    }
    known.add(id);
    if (body.data.user !== user || watcherOf(recordOf(subject)) !== user) {
      wrong['to the wrong user'].push(`webhook of ${subject} came to ${user}`);
    }
    if (version <= (newest.get(subject) ?? 0)) wrong.misordered.push(`webhook: version ${version} of ${subject} after ${newest.get(subject)}`);
    newest.set(subject, version);
  }
  for (let record = 0; record < RECORDS; record++) {
    const subject = `record/${idOf(record)}`;
    const last = bySubject.get(subject)?.at(-1).version;
    if (last !== newest.get(subject)) wrong.lost.push(`webhook: ${subject} is at version ${last}, ${newest.get(subject)} came last`);
  }
}

function compare(wrong, what, promised, found) {
  const counts = new Map();
  for (const each of found) counts.set(each, (counts.get(each) ?? 0) + 1);
  for (const each of promised) if (!counts.has(each)) wrong.lost.push(`${what}: ${each}`);
  const owed = new Set(promised);
  for (const [each, count] of counts) {
    if (count > 1) wrong.duplicated.push(`${what}: ${each}, ${count} times`);
    if (!owed.has(each)) wrong.duplicated.push(`${what}: ${each}, which nobody was promised`);
  }
  const order = found.filter((each, index) => index > 0 && each < found[index - 1]);
  if (order.length) wrong.misordered.push(`${what}: ${order.length} places, first ${order[0]}`);
}
