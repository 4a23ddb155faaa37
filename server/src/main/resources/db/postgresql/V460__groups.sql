-- Values of the attribute by which an objective is counted that have a group of their own. What a
-- value counted before the minute since is among the others.
CREATE TABLE slo_group (
  objective TEXT COLLATE "C" NOT NULL,
  grp TEXT COLLATE "C" NOT NULL,
  since BIGINT NOT NULL,
  PRIMARY KEY (objective, grp));

-- Counts of groups, as bucket has those of objectives: by the minute, and when older by ten minutes
-- and then by the hour, each at its first minute. Step '' is the whole group.
CREATE TABLE group_bucket (
  objective TEXT COLLATE "C" NOT NULL,
  grp TEXT COLLATE "C" NOT NULL,
  step TEXT COLLATE "C" NOT NULL,
  minute BIGINT NOT NULL,
  events BIGINT NOT NULL,
  bad BIGINT NOT NULL,
  failed BIGINT NOT NULL,
  unknown BIGINT NOT NULL,
  PRIMARY KEY (objective, grp, step, minute));

-- Bad requests also by group; the group '' stands for all of them.
ALTER TABLE bad_request ADD COLUMN grp TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE bad_request DROP CONSTRAINT bad_request_pkey;
ALTER TABLE bad_request ADD PRIMARY KEY (objective, step, grp, started_ns, trace_id);
