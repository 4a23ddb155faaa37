-- One row for each start of the platform: which changes were written after it.
CREATE TABLE change_start (
  epoch TEXT PRIMARY KEY,
  first_seq INTEGER NOT NULL) WITHOUT ROWID;

-- The newest change that was removed as too old.
CREATE TABLE change_purged (upto INTEGER NOT NULL);

INSERT INTO change_purged
SELECT coalesce(
  (SELECT min(seq) - 1 FROM change),
  (SELECT seq FROM sqlite_sequence WHERE name = 'change'),
  0);

-- The greatest id that a record ever had, so that none returns.
CREATE TABLE record_id (greatest INTEGER NOT NULL);

INSERT INTO record_id
SELECT max(
  coalesce((SELECT max(id) FROM record), 0),
  coalesce((
    SELECT max(CAST(substr(name, 8) AS INTEGER)) FROM subject
    WHERE name GLOB 'record/[1-9]*' AND name NOT GLOB 'record/*[^0-9]*' AND length(name) <= 25), 0));

-- Subjects and participants whose changes were removed before they were removed as well.
DELETE FROM participant WHERE NOT EXISTS (
  SELECT 1 FROM change c WHERE c.subject = participant.subject AND c.actor = participant.user);

DELETE FROM subject
WHERE NOT EXISTS (SELECT 1 FROM change c WHERE c.subject = subject.name)
  AND name NOT IN (SELECT 'record/' || id FROM record);

-- A repetition gets the headers of the first answer as well.
ALTER TABLE answered ADD COLUMN headers TEXT NOT NULL DEFAULT '{}';

-- Whether a watch tells its user of their own changes as well.
ALTER TABLE watch ADD COLUMN own_changes INTEGER NOT NULL DEFAULT 0;
