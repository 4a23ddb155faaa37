// The peer's worker: one log line a notification, as Troth's console channel writes it.
import { DatabaseSync } from 'node:sqlite';
import { writeSync } from 'node:fs';
import { Worker } from 'bullmq';

const { REDIS_PORT, DB } = process.env;
const db = new DatabaseSync(DB);
const page = db.prepare('SELECT id, user FROM watchers WHERE record_id = ? AND id > ? ORDER BY id LIMIT 500');

function tell(user, record, value) {
  writeSync(1, `${JSON.stringify({ at: new Date(), message: `notify ${user}: record/${record} is ${value}` })}\n`);
}

async function work(job) {
  const { user, record, value } = job.data;
  if (job.name === 'notify') {
    tell(user, record, value);
    return;
  }
  for (let rows = page.all(record, 0); rows.length > 0; rows = page.all(record, rows.at(-1).id)) {
    for (const row of rows) {
      tell(row.user, record, value);
    }
  }
}

new Worker('notifications', work, { connection: { port: Number(REDIS_PORT) }, concurrency: 50 });
console.log('ready');
