-- So that those that ended long ago are found without reading all.
CREATE INDEX incident_resolved ON incident (resolved_at, id) WHERE resolved_at IS NOT NULL;
CREATE INDEX token_expired ON token (expires_at);
