-- Values of the attribute by which an objective is counted that have a group of their own. What a
-- value counted before the minute since is among the others.
CREATE TABLE slo_group (
  objective TEXT NOT NULL,
  grp TEXT NOT NULL,
  since BIGINT NOT NULL,
  PRIMARY KEY (objective, grp));

-- Counts of groups, as bucket has those of objectives: by the minute, and when older by ten minutes
-- and then by the hour, each at its first minute. Step '' is the whole group.
CREATE TABLE group_bucket (
  objective TEXT NOT NULL,
  grp TEXT NOT NULL,
  step TEXT NOT NULL,
  minute BIGINT NOT NULL,
  events BIGINT NOT NULL,
  bad BIGINT NOT NULL,
  failed BIGINT NOT NULL,
  unknown BIGINT NOT NULL,
  PRIMARY KEY (objective, grp, step, minute));

-- Bad requests also by group; the group '' stands for all of them.
CREATE TABLE bad_request_by_group (
  objective TEXT NOT NULL,
  step TEXT NOT NULL,
  grp TEXT NOT NULL,
  started_ns BIGINT NOT NULL,
  trace_id TEXT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (objective, step, grp, started_ns, trace_id));
INSERT INTO bad_request_by_group SELECT objective, step, '', started_ns, trace_id, body FROM bad_request;
DROP TABLE bad_request;
ALTER TABLE bad_request_by_group RENAME TO bad_request;
CREATE INDEX bad_request_by_trace ON bad_request (trace_id);
