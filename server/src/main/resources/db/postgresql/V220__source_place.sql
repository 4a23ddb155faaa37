-- How far a source that streams has been taken: written with the changes before it.
CREATE TABLE source_place (
  source_id BIGINT PRIMARY KEY,
  place TEXT NOT NULL,
  behind BIGINT NOT NULL DEFAULT 0,
  far_end TEXT NOT NULL DEFAULT '');

-- What became of sources, counted since they were added.
CREATE TABLE source_count (
  source_id BIGINT PRIMARY KEY,
  changes BIGINT NOT NULL,
  errors BIGINT NOT NULL);
