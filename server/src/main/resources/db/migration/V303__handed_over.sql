-- What one replica received and another counts: removed in the transaction that counts it.
CREATE TABLE handed_over (
  seq INTEGER PRIMARY KEY,
  items BIGINT NOT NULL,
  body TEXT NOT NULL);

-- What was received and not counted, for the replicas that do not count.
ALTER TABLE slo_cursor ADD COLUMN losses TEXT NOT NULL DEFAULT '{}';
