-- An event is one user's, and known by its content as well: an id that is used again is no repetition.
CREATE TABLE event_known (
  user_name TEXT NOT NULL,
  source TEXT NOT NULL,
  id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  content TEXT NOT NULL,
  PRIMARY KEY (user_name, source, id)) WITHOUT ROWID;

INSERT INTO event_known (user_name, source, id, seq, content)
SELECT '', source, id, seq, '' FROM event_seen;

DROP TABLE event_seen;
ALTER TABLE event_known RENAME TO event_seen;
CREATE INDEX event_seen_of_source ON event_seen (source, id);
