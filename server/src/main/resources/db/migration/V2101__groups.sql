-- A watch that a group gives its member names the group. Of two of one target the user's own comes first.
ALTER TABLE watch ADD COLUMN via TEXT NOT NULL DEFAULT '';

DROP INDEX watch_standing;
CREATE UNIQUE INDEX watch_standing ON watch (user_name, target, via) WHERE until IS NULL;

-- Groups of users, and what is watched for all of their members.
CREATE TABLE member_group (
  name TEXT PRIMARY KEY,
  created_at INTEGER NOT NULL) WITHOUT ROWID;

CREATE TABLE group_member (
  name TEXT NOT NULL,
  user_name TEXT NOT NULL,
  PRIMARY KEY (name, user_name)) WITHOUT ROWID;

CREATE TABLE group_watch (
  name TEXT NOT NULL,
  target TEXT NOT NULL,
  wish TEXT NOT NULL,
  PRIMARY KEY (name, target)) WITHOUT ROWID;
