-- A silence holds the severity that its incident had, and since when there is one, whoever says so.
ALTER TABLE incident_hold ADD COLUMN severity TEXT NOT NULL DEFAULT 'page';
ALTER TABLE incident_hold ADD COLUMN began_ms BIGINT NOT NULL DEFAULT 0;
UPDATE incident_hold SET began_ms = at_ms,
  severity = COALESCE((SELECT severity FROM incident WHERE id = incident_hold.incident), 'page');
