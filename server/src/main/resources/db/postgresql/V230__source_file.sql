-- What was seen last of the files of sources: written with the change that it states.
CREATE TABLE source_file (
  source_id BIGINT NOT NULL,
  path TEXT COLLATE "C" NOT NULL,
  print TEXT NOT NULL,
  fields TEXT NOT NULL,
  PRIMARY KEY (source_id, path));
