-- Measurements: integer counts per objective and minute. Step '' is the whole objective; other
-- rows hold what failed at a step (failed) and, for intervals, what its counter counted (bad).
CREATE TABLE bucket (
  objective TEXT NOT NULL,
  step TEXT NOT NULL,
  minute BIGINT NOT NULL,
  events BIGINT NOT NULL,
  bad BIGINT NOT NULL,
  failed BIGINT NOT NULL,
  unknown BIGINT NOT NULL,
  PRIMARY KEY (objective, step, minute)
);

-- Latencies of good requests: an exponential histogram per ten minutes, for charts.
CREATE TABLE latency (
  objective TEXT NOT NULL,
  slot BIGINT NOT NULL,
  bucket BIGINT NOT NULL,
  events BIGINT NOT NULL,
  PRIMARY KEY (objective, slot, bucket)
);

-- Up to when buckets and alert memories are complete; one row.
CREATE TABLE slo_cursor (
  id BIGINT PRIMARY KEY,
  ticked_at BIGINT NOT NULL
);

CREATE TABLE alert_memory (
  objective TEXT PRIMARY KEY,
  memory TEXT NOT NULL
);

CREATE TABLE incident (
  id TEXT PRIMARY KEY,
  objective TEXT NOT NULL,
  severity TEXT NOT NULL,
  opened_at BIGINT NOT NULL,
  resolved_at BIGINT,
  causes TEXT NOT NULL
);
CREATE INDEX incident_opened ON incident (opened_at);

CREATE TABLE alert (
  objective TEXT NOT NULL,
  severity TEXT NOT NULL,
  fired_at BIGINT NOT NULL,
  resolved_at BIGINT,
  incident TEXT NOT NULL,
  evidence TEXT NOT NULL,
  inhibited BIGINT NOT NULL,
  PRIMARY KEY (objective, severity, fired_at)
);

-- Times of which nothing can be known, with the reason.
CREATE TABLE gap (
  from_ms BIGINT NOT NULL,
  to_ms BIGINT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (from_ms, to_ms)
);
