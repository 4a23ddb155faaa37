-- Versions that were deleted, contexts, references, modes: what Confluent's registry knows.
ALTER TABLE registry_version ADD COLUMN deleted BIGINT NOT NULL DEFAULT 0;
ALTER TABLE registry_version ADD COLUMN context TEXT COLLATE "C" NOT NULL DEFAULT '.';

ALTER TABLE registry_schema ADD COLUMN guid TEXT COLLATE "C" NOT NULL DEFAULT '';
UPDATE registry_schema SET guid = substr(fingerprint, 1, 8) || '-' || substr(fingerprint, 9, 4) || '-'
  || substr(fingerprint, 13, 4) || '-' || substr(fingerprint, 17, 4) || '-' || substr(fingerprint, 21, 12);
CREATE INDEX registry_schema_of_guid ON registry_schema (guid);

-- Each context counts its own ids. Rows stay when a version is deleted for good, so no id comes again.
CREATE TABLE registry_id (
  context TEXT COLLATE "C" NOT NULL,
  id BIGINT NOT NULL,
  schema_id BIGINT NOT NULL REFERENCES registry_schema (id),
  PRIMARY KEY (context, id),
  UNIQUE (context, schema_id));

INSERT INTO registry_id (context, id, schema_id) SELECT '.', id, id FROM registry_schema;

CREATE TABLE registry_reference (
  schema_id BIGINT NOT NULL REFERENCES registry_schema (id),
  name TEXT COLLATE "C" NOT NULL,
  subject TEXT COLLATE "C" NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (schema_id, name));

CREATE INDEX registry_reference_to ON registry_reference (subject, version);

INSERT INTO registry_reference (schema_id, name, subject, version)
SELECT s.id, r ->> 'name', r ->> 'subject', CAST(r ->> 'version' AS BIGINT)
FROM registry_schema s, jsonb_array_elements(CAST(s.refs AS jsonb)) r
ON CONFLICT DO NOTHING;

-- Of a subject; of a context under :.NAME:, of everything under the empty name. What is null is not set there.
CREATE TABLE registry_setting (
  subject TEXT COLLATE "C" PRIMARY KEY,
  level TEXT,
  normalize BIGINT,
  compatibility_group TEXT,
  mode TEXT);

INSERT INTO registry_setting (subject, level) SELECT subject, level FROM registry_config;
DROP TABLE registry_config;

-- Who says that they read which version of a subject.
CREATE TABLE registry_consumer (
  subject TEXT COLLATE "C" NOT NULL,
  consumer TEXT COLLATE "C" NOT NULL,
  version BIGINT NOT NULL,
  user_name TEXT COLLATE "C" NOT NULL,
  since TEXT NOT NULL,
  PRIMARY KEY (subject, consumer));
