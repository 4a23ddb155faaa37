-- An event is one user's, and known by its content as well: an id that is used again is no repetition.
ALTER TABLE event_seen RENAME TO event_once;

CREATE TABLE event_seen (
  user_name TEXT NOT NULL,
  source TEXT NOT NULL,
  id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  content TEXT NOT NULL,
  PRIMARY KEY (user_name, source, id)) WITHOUT ROWID;

INSERT INTO event_seen (user_name, source, id, seq, content)
SELECT '', source, id, seq, '' FROM event_once;

DROP TABLE event_once;

CREATE INDEX event_seen_of_source ON event_seen (source, id);
