-- An event is one user's, and known by its content as well: an id that is used again is no repetition.
ALTER TABLE event_seen ADD COLUMN user_name TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE event_seen ADD COLUMN content TEXT NOT NULL DEFAULT '';
ALTER TABLE event_seen DROP CONSTRAINT event_seen_pkey;
ALTER TABLE event_seen ADD PRIMARY KEY (user_name, source, id);
CREATE INDEX event_seen_of_source ON event_seen (source, id);
