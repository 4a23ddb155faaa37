-- How far a source that streams has been taken: written with the changes before it.
CREATE TABLE source_place (
  source_id BIGINT PRIMARY KEY,
  place TEXT NOT NULL,
  changes BIGINT NOT NULL DEFAULT 0,
  behind BIGINT NOT NULL DEFAULT 0,
  far_end TEXT NOT NULL DEFAULT '');
