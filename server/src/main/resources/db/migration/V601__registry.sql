-- Schemas by their content, and the versions of registry subjects that have them.
CREATE TABLE registry_schema (
  id INTEGER PRIMARY KEY,
  fingerprint TEXT NOT NULL UNIQUE,
  content TEXT NOT NULL,
  kind TEXT NOT NULL,
  text TEXT NOT NULL,
  refs TEXT NOT NULL,
  metadata TEXT NOT NULL,
  rule_set TEXT NOT NULL);

CREATE TABLE registry_version (
  subject TEXT NOT NULL,
  version INTEGER NOT NULL,
  schema_id INTEGER NOT NULL REFERENCES registry_schema (id),
  PRIMARY KEY (subject, version));

CREATE INDEX registry_version_of_schema ON registry_version (schema_id);

-- The level of a subject; of all others under the empty name.
CREATE TABLE registry_config (
  subject TEXT NOT NULL PRIMARY KEY,
  level TEXT NOT NULL);
