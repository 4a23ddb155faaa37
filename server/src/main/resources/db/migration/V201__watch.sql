-- Records: the state that the demo and the small original watch.
CREATE TABLE record (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  fields TEXT NOT NULL DEFAULT '{}');

INSERT INTO record (id, name, value) VALUES (1, 'Demo Record', 'Initial Value');

-- The name of this change log: a client that resumes with another one starts afresh.
CREATE TABLE change_epoch (epoch TEXT NOT NULL);

INSERT INTO change_epoch VALUES (lower(hex(randomblob(8))));

-- A subject's count of changes. Its name is type/id.
CREATE TABLE subject (
  name TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  changed_at INTEGER NOT NULL) WITHOUT ROWID;

-- The one log. Its order is the order of commits, because there is one writer.
CREATE TABLE change (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  subject TEXT NOT NULL,
  subject_type TEXT NOT NULL,
  version INTEGER NOT NULL,
  type TEXT NOT NULL,
  actor TEXT NOT NULL,
  at INTEGER NOT NULL,
  urgent INTEGER NOT NULL,
  body TEXT NOT NULL);

CREATE INDEX change_of_subject ON change (subject, seq);
CREATE INDEX change_of_type ON change (subject_type, seq);
CREATE INDEX change_by_age ON change (at);

-- Who changed a subject, and when first: what level participating asks.
CREATE TABLE participant (
  subject TEXT NOT NULL,
  user TEXT NOT NULL,
  first_seq INTEGER NOT NULL,
  PRIMARY KEY (subject, user)) WITHOUT ROWID;

-- One row is one term of a watch: an edit closes it and opens another of the same root.
CREATE TABLE watch (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  root INTEGER NOT NULL,
  user TEXT NOT NULL,
  target TEXT NOT NULL,
  level TEXT NOT NULL,
  types TEXT NOT NULL,
  filter TEXT NOT NULL,
  channels TEXT NOT NULL,
  muted_until INTEGER NOT NULL,
  pushes INTEGER NOT NULL,
  since INTEGER NOT NULL,
  until INTEGER,
  ended INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL);

CREATE UNIQUE INDEX watch_standing ON watch (user, target) WHERE until IS NULL;
CREATE INDEX watch_of_user ON watch (user, target, since);
CREATE INDEX watch_to_push ON watch (target, id) WHERE pushes = 1;
CREATE INDEX watch_of_target ON watch (target) WHERE until IS NULL;
CREATE INDEX watch_of_root ON watch (root);

-- How far each change has been told; a row goes when its audience has been.
CREATE TABLE fanout (
  change_seq INTEGER PRIMARY KEY,
  subject TEXT NOT NULL,
  stage INTEGER NOT NULL,
  cursor INTEGER NOT NULL,
  greatest INTEGER NOT NULL);

-- Notifications that a page could not settle itself.
CREATE TABLE delivery (
  key TEXT PRIMARY KEY,
  change_seq INTEGER NOT NULL,
  watch_id INTEGER NOT NULL,
  user TEXT NOT NULL,
  subject TEXT NOT NULL,
  version INTEGER NOT NULL,
  channel TEXT NOT NULL,
  reason TEXT NOT NULL,
  state TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  due INTEGER NOT NULL,
  note TEXT NOT NULL,
  at INTEGER NOT NULL) WITHOUT ROWID;

CREATE INDEX delivery_due ON delivery (due) WHERE state = 'pending';
CREATE INDEX delivery_by_state ON delivery (state, change_seq);
CREATE INDEX delivery_of_watch ON delivery (watch_id, channel, subject, version);

-- What a user has read: everything up to a sequence, save for single marks.
CREATE TABLE inbox_read (
  user TEXT PRIMARY KEY,
  upto INTEGER NOT NULL) WITHOUT ROWID;

CREATE TABLE inbox_mark (
  user TEXT NOT NULL,
  seq INTEGER NOT NULL,
  mark TEXT NOT NULL,
  PRIMARY KEY (user, seq)) WITHOUT ROWID;

-- Answers to writes that came with an Idempotency-Key, kept for a day.
CREATE TABLE answered (
  user TEXT NOT NULL,
  key TEXT NOT NULL,
  request TEXT NOT NULL,
  status INTEGER NOT NULL,
  body TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (user, key)) WITHOUT ROWID;

CREATE INDEX answered_by_age ON answered (at);

-- Events that came in: source and id name one event, so a repetition is known.
CREATE TABLE event_seen (
  source TEXT NOT NULL,
  id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY (source, id)) WITHOUT ROWID;
