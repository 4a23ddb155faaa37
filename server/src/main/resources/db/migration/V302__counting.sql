-- The last that was seen of each counter that an objective counts: from it increments follow, and
-- points that come twice are known. The key is metric, attributes and, of a cumulative counter, its
-- start; the state is a document.
CREATE TABLE counter_stream (
  stream TEXT PRIMARY KEY,
  seen_at BIGINT NOT NULL,
  state TEXT NOT NULL
);
CREATE INDEX counter_stream_seen ON counter_stream (seen_at);

-- Since when all streams of these counters are known, so that one that began later has not been
-- counted; one row.
CREATE TABLE counter_origin (
  id BIGINT PRIMARY KEY,
  counters TEXT NOT NULL,
  since_ms BIGINT NOT NULL
);

-- Since which minute and how often each counter of an objective is received; part -1 is the total.
CREATE TABLE counter_signal (
  objective TEXT NOT NULL,
  part BIGINT NOT NULL,
  counter TEXT NOT NULL,
  minute BIGINT NOT NULL,
  every_ms BIGINT NOT NULL,
  PRIMARY KEY (objective, part, counter)
);

-- Spans of requests that wait for their verdict or can still be corrected, apart from the trace
-- view: one row for what arrived of a trace in one commit.
CREATE TABLE open_request (
  seq INTEGER PRIMARY KEY,
  trace_id TEXT NOT NULL,
  arrived_ms BIGINT NOT NULL,
  spans TEXT NOT NULL
);
CREATE INDEX open_request_arrived ON open_request (arrived_ms);
