-- What each list walks along, so that a page costs what it shows however long the list is.
CREATE INDEX delivery_of_user ON delivery (user_name, state, change_seq DESC, key) WHERE state <> 'pending';
CREATE INDEX incident_open ON incident (opened_at) WHERE resolved_at IS NULL;
CREATE INDEX incident_of_objective ON incident (objective, opened_at);
CREATE INDEX trace_failed ON trace (started_ns) WHERE errors > 0;
CREATE INDEX watch_listed ON watch (user_name, root) WHERE until IS NULL;
