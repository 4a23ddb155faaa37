-- A watch that a group gives its member names the group. Of two of one target the user's own comes first.
ALTER TABLE watch ADD COLUMN via TEXT COLLATE "C" NOT NULL DEFAULT '';

DROP INDEX watch_standing;
CREATE UNIQUE INDEX watch_standing ON watch (user_name, target, via) WHERE until IS NULL;

-- Groups of users, and what is watched for all of their members.
CREATE TABLE member_group (
  name TEXT COLLATE "C" PRIMARY KEY,
  created_at BIGINT NOT NULL);

CREATE TABLE group_member (
  name TEXT COLLATE "C" NOT NULL,
  user_name TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (name, user_name));

CREATE TABLE group_watch (
  name TEXT COLLATE "C" NOT NULL,
  target TEXT COLLATE "C" NOT NULL,
  wish TEXT NOT NULL,
  PRIMARY KEY (name, target));
