-- Up to which span a trace was judged, and whether some of its spans are gone.
ALTER TABLE trace ADD COLUMN judged_seq BIGINT NOT NULL DEFAULT 0;
ALTER TABLE trace ADD COLUMN is_cut BIGINT NOT NULL DEFAULT 0;
UPDATE trace SET is_cut = 1
WHERE spans > (SELECT count(*) FROM span WHERE span.trace_id = trace.trace_id);
CREATE INDEX trace_unjudged ON trace (ended_ns) WHERE judged_seq < newest_seq AND is_cut = 0;

-- Bad requests of an objective by step; the step '' stands for all of them.
CREATE TABLE bad_request (
  objective TEXT NOT NULL,
  step TEXT NOT NULL,
  started_ns BIGINT NOT NULL,
  trace_id TEXT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (objective, step, started_ns, trace_id));
CREATE INDEX bad_request_by_trace ON bad_request (trace_id);

-- Traces that stay when newer ones make room: bad ones, and those that are not judged yet.
CREATE TABLE bad_trace (
  trace_id TEXT PRIMARY KEY,
  kept_ms BIGINT NOT NULL,
  judged BIGINT NOT NULL,
  bytes BIGINT NOT NULL);
CREATE INDEX bad_trace_order ON bad_trace (judged, kept_ms);

-- Their spans, as soon as they are not among the newest.
CREATE TABLE bad_span (
  trace_id TEXT NOT NULL,
  span_id TEXT NOT NULL,
  arrived_ms BIGINT NOT NULL,
  service TEXT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (trace_id, span_id));
