// The auditor: holds what clients were promised against the log, and what was told against both.
import { RECORDS, USERS, idOf, recordOf, watcherOf } from './clients.mjs';

/** Webhooks that may come again after a fault: what was under way when it hit. */
export const AGAIN_A_FAULT = 64;

const USER = Array.from({ length: USERS }, (_, user) => `u${user}`);

/**
 * What a platform says of a soak: its log of records and of events, each oldest first, each user's inbox, newest first, and
 * what the objective counted.
 */
export async function account(platform) {
  const get = async (path) => {
    const response = await fetch(platform + path, { signal: AbortSignal.timeout(60_000) });
    if (!response.ok) throw new Error(`GET ${path}: ${response.status} ${await response.text()}`);
    return response.json();
  };
  const all = async (path) => {
    const items = [];
    for (let next = ''; next !== undefined && next !== null; ) {
      const page = await get(`${path}&limit=200${next === '' ? '' : `&before=${next}`}`);
      items.push(...page.items);
      next = page.next;
    }
    return items;
  };
  const changes = (await all('/api/subjects/changes?target=record/*')).reverse();
  const events = (await all('/api/subjects/changes?target=soaked/*')).reverse();
  const inboxes = new Map();
  for (const user of USER) inboxes.set(user, await all(`/api/inbox?user=${user}&state=all`));
  const { objectives } = await get('/api/objectives');
  return { changes, events, inboxes, counted: objectives.find(({ name }) => name === 'soak').requests };
}

/** All that is wrong, a line each under its kind; all kinds are empty when every promise was kept. */
export function audit({ changes, events, inboxes, counted }, logs) {
  const wrong = { lost: [], duplicated: [], misordered: [], 'to the wrong user': [], 'wrong counts': [] };
  const bySubject = new Map();
  for (const change of changes) bySubject.set(change.subject, [...(bySubject.get(change.subject) ?? []), change]);
  inOrder(wrong, 'the log', changes.map(({ seq }) => seq));
  for (const [subject, written] of bySubject) inOrder(wrong, `versions of ${subject}`, written.map(({ version }) => version));
  for (const { promised } of logs.writers) {
    for (const [record, values] of promised) {
      const written = (bySubject.get(`record/${idOf(record)}`) ?? []).map(({ after }) => Number(after.value));
      compare(wrong, `record ${record}`, values, written);
      inOrder(wrong, `record ${record}`, written);
    }
  }
  compare(wrong, 'events', logs.events.flatMap(({ promised }) => promised), events.map(({ subject }) => subject.slice('soaked/'.length)));

  const log = changes.map(({ seq }) => seq);
  for (const [index, { seen, again = 0, reset = 0 }] of logs.streams.entries()) {
    compare(wrong, `stream ${index}`, log, seen);
    inOrder(wrong, `stream ${index}`, seen);
    // It says where it was, so nothing comes again.
    if (again) wrong.duplicated.push(`stream ${index}: ${again} changes came again`);
    if (reset) wrong.lost.push(`stream ${index} was reset ${reset} times`);
  }
  for (const [user, items] of inboxes) {
    const told = items.map(({ seq }) => seq).reverse();
    const strangers = new Set(items.filter(({ subject }) => watcherOf(recordOf(subject)) !== user).map(({ seq }) => seq));
    for (const seq of strangers) wrong['to the wrong user'].push(`change ${seq} is in the inbox of ${user}`);
    const owed = changes.filter(({ subject }) => watcherOf(recordOf(subject)) === user).map(({ seq }) => seq);
    compare(wrong, `inbox of ${user}`, owed, told.filter((seq) => !strangers.has(seq)));
    inOrder(wrong, `inbox of ${user}`, told);
  }
  webhooks(wrong, logs, bySubject);
  const sent = logs.requests.reduce((sum, { good, bad }) => ({ good: sum.good + good, bad: sum.bad + bad }), { good: 0, bad: 0 });
  if (counted.good !== sent.good || counted.bad !== sent.bad) {
    wrong['wrong counts'].push(`the objective counted ${counted.good} good and ${counted.bad} bad, ${sent.good} and ${sent.bad} were taken`);
  }
  return wrong;
}

/** Webhooks that came more than once. */
export const cameAgain = ({ webhooks }) => webhooks.came.length - new Set(webhooks.came.map(({ id }) => id)).size;

/** A newer change may take the place of one that waits; what comes goes to its user, in order, and the newest comes. */
function webhooks(wrong, logs, bySubject) {
  const known = new Set();
  const newest = new Map();
  for (const { user, id, body } of logs.webhooks.came) {
    const { subject, version } = body.data.change;
    if (body.data.user !== user || watcherOf(recordOf(subject)) !== user) {
      wrong['to the wrong user'].push(`webhook of ${subject} for ${body.data.user} came to ${user}`);
    }
    if (known.has(id)) continue;
    known.add(id);
    if (!bySubject.get(subject)?.some((change) => change.version === version)) {
      wrong.duplicated.push(`webhook: version ${version} of ${subject}, which nobody wrote`);
    }
    if (version === newest.get(subject)) wrong.duplicated.push(`webhook: version ${version} of ${subject} under another id`);
    else if (version < newest.get(subject)) wrong.misordered.push(`webhook: version ${version} of ${subject} after ${newest.get(subject)}`);
    newest.set(subject, version);
  }
  for (let record = 0; record < RECORDS; record++) {
    const subject = `record/${idOf(record)}`;
    const last = bySubject.get(subject)?.at(-1).version;
    if (last !== newest.get(subject)) wrong.lost.push(`webhook: ${subject} is at version ${last}, ${newest.get(subject)} came last`);
  }
  const [again, most] = [cameAgain(logs), logs.faults.length * AGAIN_A_FAULT];
  if (again > most) wrong.duplicated.push(`${again} webhooks came again, at most ${most} after ${logs.faults.length} faults`);
}

/** Each that was promised was found, once, and nothing else. */
function compare(wrong, what, promised, found) {
  const counts = new Map();
  for (const each of found) counts.set(each, (counts.get(each) ?? 0) + 1);
  for (const each of promised) if (!counts.has(each)) wrong.lost.push(`${what}: ${each}`);
  const owed = new Set(promised);
  for (const [each, count] of counts) {
    if (count > 1) wrong.duplicated.push(`${what}: ${each}, ${count} times`);
    if (!owed.has(each)) wrong.duplicated.push(`${what}: ${each}, which nobody was promised`);
  }
}

/** Equal neighbours are duplicates, not misordered. */
function inOrder(wrong, what, numbers) {
  const places = numbers.filter((each, index) => index > 0 && each < numbers[index - 1]);
  if (places.length) wrong.misordered.push(`${what}: ${places.length} places, first ${places[0]}`);
}
