-- What is asked of every subject, counted where its versions are written; a row stays when all versions are gone.
CREATE TABLE registry_subject (
  subject TEXT NOT NULL PRIMARY KEY,
  context TEXT NOT NULL,
  versions INTEGER NOT NULL,
  in_use INTEGER NOT NULL,
  last INTEGER NOT NULL,
  top INTEGER NOT NULL,
  special INTEGER NOT NULL,
  writes INTEGER NOT NULL);

INSERT INTO registry_subject (subject, context, versions, in_use, last, top, special, writes)
SELECT v.subject, v.context, count(*), sum(1 - v.deleted), max(CASE WHEN v.deleted = 0 THEN v.version ELSE 0 END),
  max(v.version), sum(CASE WHEN v.deleted = 0 AND s.metadata <> '' THEN 1 ELSE 0 END), 1
FROM registry_version v JOIN registry_schema s ON s.id = v.schema_id GROUP BY v.subject, v.context;

CREATE INDEX registry_subject_in_use ON registry_subject (subject) WHERE in_use > 0;
CREATE INDEX registry_subject_of_context ON registry_subject (context, subject) WHERE versions > 0;

DROP INDEX registry_version_of_schema;
CREATE INDEX registry_version_of_schema ON registry_version (schema_id, subject, version);
CREATE INDEX registry_schema_of_content ON registry_schema (content);
CREATE INDEX registry_id_of_number ON registry_id (id);

-- The content of a schema whose members are in order; empty for what was registered before there was such a column.
ALTER TABLE registry_schema ADD COLUMN meaning TEXT NOT NULL DEFAULT '';
CREATE INDEX registry_schema_of_meaning ON registry_schema (meaning);
