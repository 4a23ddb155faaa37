-- Names that every engine takes: a user is user_name, and a truth is asked as one.
ALTER TABLE token RENAME COLUMN user TO user_name;
ALTER TABLE participant RENAME COLUMN user TO user_name;
ALTER TABLE watch RENAME COLUMN user TO user_name;
ALTER TABLE delivery RENAME COLUMN user TO user_name;
ALTER TABLE inbox_read RENAME COLUMN user TO user_name;
ALTER TABLE inbox_mark RENAME COLUMN user TO user_name;
ALTER TABLE answered RENAME COLUMN user TO user_name;
ALTER TABLE endpoint RENAME COLUMN user TO user_name;

DROP INDEX watch_to_push;
CREATE INDEX watch_to_push ON watch (target, id) WHERE pushes;
DROP INDEX change_urgent;
CREATE INDEX change_urgent ON change (seq) WHERE urgent;

-- The number of the newest change, also of one that was removed since.
CREATE TABLE change_head (seq INTEGER NOT NULL);

INSERT INTO change_head
SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'change'), 0);
