-- Of schemas that no version has any more, deleted for good before they were emptied, only the ids stay.
DELETE FROM registry_reference WHERE schema_id NOT IN (SELECT schema_id FROM registry_version);
UPDATE registry_schema SET text = '', refs = '[]', metadata = '', rule_set = ''
WHERE id NOT IN (SELECT schema_id FROM registry_version);
DELETE FROM registry_consumer WHERE NOT EXISTS (
  SELECT 1 FROM registry_version v WHERE v.subject = registry_consumer.subject AND v.version = registry_consumer.version);
