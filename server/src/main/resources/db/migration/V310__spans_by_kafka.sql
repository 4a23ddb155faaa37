-- Spans of a partition are apart from those that a platform received itself.
ALTER TABLE open_request ADD COLUMN source TEXT NOT NULL DEFAULT '';
DROP INDEX open_request_arrived;
CREATE INDEX open_request_arrived ON open_request (source, arrived_ms);
CREATE INDEX open_request_source ON open_request (source, seq);

-- How far each partition of spans is counted; the version rises with each change.
CREATE TABLE span_partition (
  topic TEXT NOT NULL,
  part BIGINT NOT NULL,
  next_message BIGINT NOT NULL,
  judged_ms BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (topic, part));

-- Sums of requests that were judged by whoever has their partition, until they are in the buckets.
CREATE TABLE counted (
  seq INTEGER PRIMARY KEY,
  body TEXT NOT NULL);
