// The peer's API: writes the record, then queues notifications in Redis.
// MODE=each queues one job a watcher (addBulk, 1,000 at a time); MODE=inline queues one job a change.
import { DatabaseSync } from 'node:sqlite';
import express from 'express';
import { Queue } from 'bullmq';

const { PORT, REDIS_PORT, DB, MODE = 'each' } = process.env;
const db = new DatabaseSync(DB);
db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
  CREATE TABLE IF NOT EXISTS records (id INTEGER PRIMARY KEY, name TEXT, value TEXT);
  CREATE TABLE IF NOT EXISTS watchers (id INTEGER PRIMARY KEY, user TEXT, record_id INTEGER);
  CREATE INDEX IF NOT EXISTS watchers_of_record ON watchers (record_id, id);`);
const update = db.prepare('UPDATE records SET value = ? WHERE id = ?');
const watchersOf = db.prepare('SELECT user FROM watchers WHERE record_id = ? ORDER BY id');
const queue = new Queue('notifications', { connection: { port: Number(REDIS_PORT) } });
const options = { removeOnComplete: true, removeOnFail: true };

async function notify(record, value) {
  if (MODE === 'inline') {
    await queue.add('fan-out', { record, value }, options);
    return;
  }
  const users = watchersOf.all(record);
  for (let from = 0; from < users.length; from += 1000) {
    const part = users.slice(from, from + 1000);
    await queue.addBulk(part.map(({ user }) => ({ name: 'notify', data: { user, record, value }, opts: options })));
  }
}

const app = express();
app.use(express.json());
app.post('/api/update/:id', async (request, response) => {
  const id = Number(request.params.id);
  const { value } = request.body;
  if (update.run(value, id).changes === 0) {
    response.status(404).json({ error: 'Record not found' });
    return;
  }
  await notify(id, value);
  response.json({ message: 'Record updated and notifications queued.' });
});
app.listen(Number(PORT), '127.0.0.1', () => console.log('ready'));
