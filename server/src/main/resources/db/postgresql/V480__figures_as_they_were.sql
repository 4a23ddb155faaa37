-- What was counted when, for a day: figures of an instant are those of now without what came later. A row that
-- changed no count says what alerts remember from then on, and of counters where windows end and since when each comes.
CREATE TABLE figure_change (
  objective TEXT COLLATE "C" NOT NULL,
  at_ms BIGINT NOT NULL,
  counts TEXT NOT NULL,
  memory TEXT NOT NULL,
  counters TEXT NOT NULL,
  PRIMARY KEY (objective, at_ms));
CREATE INDEX figure_change_at ON figure_change (at_ms);
-- Since when that is complete, in milliseconds; one row, none before the first time.
CREATE TABLE figure_start (id INTEGER PRIMARY KEY, since BIGINT NOT NULL);
