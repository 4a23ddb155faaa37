-- Spans as received, newest kept; arrival order is seq order.
CREATE TABLE span (
  seq INTEGER PRIMARY KEY,
  trace_id TEXT NOT NULL,
  span_id TEXT NOT NULL,
  arrived_ms BIGINT NOT NULL,
  service TEXT NOT NULL,
  body TEXT NOT NULL
);
CREATE UNIQUE INDEX span_by_trace ON span (trace_id, span_id);

-- One row a trace, for lists.
CREATE TABLE trace (
  trace_id TEXT PRIMARY KEY,
  started_ns BIGINT NOT NULL,
  ended_ns BIGINT NOT NULL,
  service TEXT NOT NULL,
  root TEXT NOT NULL,
  root_started_ns BIGINT NOT NULL,
  spans BIGINT NOT NULL,
  errors BIGINT NOT NULL,
  newest_seq BIGINT NOT NULL
);
CREATE INDEX trace_started ON trace (started_ns);
CREATE INDEX trace_newest ON trace (newest_seq);

-- Log lines that carry a trace id.
CREATE TABLE trace_log (
  seq INTEGER PRIMARY KEY,
  trace_id TEXT NOT NULL,
  span_id TEXT NOT NULL,
  at_ns BIGINT NOT NULL,
  severity TEXT NOT NULL,
  service TEXT NOT NULL,
  body TEXT NOT NULL
);
CREATE INDEX trace_log_by_trace ON trace_log (trace_id);
