-- Who works on a delivery, and until when; the number tells a late worker that another has taken over.
ALTER TABLE delivery ADD COLUMN lease INTEGER NOT NULL DEFAULT 0;
ALTER TABLE delivery ADD COLUMN lease_until INTEGER NOT NULL DEFAULT 0;

CREATE INDEX delivery_of_receiver ON delivery (user, channel, due, change_seq) WHERE state = 'pending';

-- Each attempt of each delivery.
CREATE TABLE attempt (
  key TEXT NOT NULL,
  number INTEGER NOT NULL,
  at INTEGER NOT NULL,
  outcome TEXT NOT NULL,
  note TEXT NOT NULL,
  PRIMARY KEY (key, number)) WITHOUT ROWID;

-- When a receiver that fails is asked again, how many rests it had, and since when nothing worked; 0: never.
ALTER TABLE endpoint ADD COLUMN rest_until INTEGER NOT NULL DEFAULT 0;
ALTER TABLE endpoint ADD COLUMN rests INTEGER NOT NULL DEFAULT 0;
ALTER TABLE endpoint ADD COLUMN failing_since INTEGER NOT NULL DEFAULT 0;
