// The peer: records, an event intake, a log of changes and live streams, on Express and better-sqlite3. One process, since SQLite has
// one writer; WAL with synchronous=FULL, so that an answer means that the write is on the disk; statements prepared once; each write,
// with its change, is one transaction.
import Database from 'better-sqlite3';
import express from 'express';

const db = new Database(process.env.DB);
db.pragma('journal_mode = WAL');
db.pragma('synchronous = FULL');
db.pragma('cache_size = -65536');
db.exec(`
  CREATE TABLE record (id TEXT PRIMARY KEY, name TEXT NOT NULL, value TEXT NOT NULL, version INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE event (source TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (source, id)) WITHOUT ROWID;
  CREATE TABLE change (seq INTEGER PRIMARY KEY, subject TEXT NOT NULL, type TEXT NOT NULL, before TEXT, after TEXT, at TEXT NOT NULL);
  CREATE INDEX change_of_subject ON change (subject, seq);`);
const record = db.prepare('SELECT name, value, version FROM record WHERE id = ?');
const put = db.prepare(`INSERT INTO record VALUES (?, ?, ?, 1)
  ON CONFLICT (id) DO UPDATE SET name = excluded.name, value = excluded.value, version = version + 1`);
const seen = db.prepare('INSERT INTO event VALUES (?, ?) ON CONFLICT DO NOTHING');
const log = db.prepare('INSERT INTO change (subject, type, before, after, at) VALUES (?, ?, ?, ?, ?)');
const streams = new Set();

function tell(subject, type, before, after) {
  const at = new Date().toISOString();
  const { lastInsertRowid } = log.run(subject, type, before, after, at);
  return `id: ${lastInsertRowid}\nevent: change\ndata: ${JSON.stringify({ seq: Number(lastInsertRowid), subject, type, before, after, at })}\n\n`;
}

const putRecord = db.transaction((id, { name, value }) => {
  const before = record.get(id);
  put.run(id, name, value);
  return tell(`record/${id}`, 'updated', before?.value ?? null, value);
});
const takeEvent = db.transaction((event) =>
  seen.run(event.source, event.id).changes === 0 ? null : tell(event.subject, event.type, null, JSON.stringify(event.data)));
const told = (line) => {
  if (line !== null) for (const stream of streams) stream.write(line);
};

const app = express();
app.disable('x-powered-by').disable('etag');
app.put('/api/records/:id', express.json(), (request, response) => {
  const { name, value } = request.body;
  if (typeof name !== 'string' || typeof value !== 'string') return response.status(400).json({ error: 'name and value are texts' });
  told(putRecord(request.params.id, request.body));
  response.json({ id: request.params.id, name, value });
});
app.post('/api/events', express.json({ type: 'application/cloudevents+json' }), (request, response) => {
  const { specversion, id, source, type } = request.body;
  if (specversion !== '1.0' || !id || !source || !type) return response.status(400).json({ error: 'not a CloudEvent 1.0' });
  told(takeEvent(request.body));
  response.status(202).end();
});
app.get('/api/stream', (request, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  response.flushHeaders();
  streams.add(response);
  request.on('close', () => streams.delete(response));
});
app.listen(Number(process.env.PORT), '127.0.0.1', () => console.log('ready'));
