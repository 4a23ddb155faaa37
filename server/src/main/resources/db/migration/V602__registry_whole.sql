-- Versions that were deleted, contexts, references, modes: what Confluent's registry knows.
ALTER TABLE registry_version ADD COLUMN deleted INTEGER NOT NULL DEFAULT 0;
ALTER TABLE registry_version ADD COLUMN context TEXT NOT NULL DEFAULT '.';

ALTER TABLE registry_schema ADD COLUMN guid TEXT NOT NULL DEFAULT '';
UPDATE registry_schema SET guid = substr(fingerprint, 1, 8) || '-' || substr(fingerprint, 9, 4) || '-'
  || substr(fingerprint, 13, 4) || '-' || substr(fingerprint, 17, 4) || '-' || substr(fingerprint, 21, 12);
CREATE INDEX registry_schema_of_guid ON registry_schema (guid);

-- Each context counts its own ids. Rows stay when a version is deleted for good, so no id comes again.
CREATE TABLE registry_id (
  context TEXT NOT NULL,
  id INTEGER NOT NULL,
  schema_id INTEGER NOT NULL REFERENCES registry_schema (id),
  PRIMARY KEY (context, id),
  UNIQUE (context, schema_id));

INSERT INTO registry_id (context, id, schema_id) SELECT '.', id, id FROM registry_schema;

CREATE TABLE registry_reference (
  schema_id INTEGER NOT NULL REFERENCES registry_schema (id),
  name TEXT NOT NULL,
  subject TEXT NOT NULL,
  version INTEGER NOT NULL,
  PRIMARY KEY (schema_id, name));

CREATE INDEX registry_reference_to ON registry_reference (subject, version);

INSERT OR IGNORE INTO registry_reference (schema_id, name, subject, version)
SELECT s.id, json_extract(r.value, '$.name'), json_extract(r.value, '$.subject'), json_extract(r.value, '$.version')
FROM registry_schema s, json_each(s.refs) r;

-- Of a subject; of a context under :.NAME:, of everything under the empty name. What is null is not set there.
CREATE TABLE registry_setting (
  subject TEXT NOT NULL PRIMARY KEY,
  level TEXT,
  normalize INTEGER,
  compatibility_group TEXT,
  mode TEXT);

INSERT INTO registry_setting (subject, level) SELECT subject, level FROM registry_config;
DROP TABLE registry_config;

-- Who says that they read which version of a subject.
CREATE TABLE registry_consumer (
  subject TEXT NOT NULL,
  consumer TEXT NOT NULL,
  version INTEGER NOT NULL,
  user_name TEXT NOT NULL,
  since TEXT NOT NULL,
  PRIMARY KEY (subject, consumer));
