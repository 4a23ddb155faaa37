-- Agents that report here, one a machine, as they were heard of last.
CREATE TABLE agent (
  host TEXT PRIMARY KEY,
  instance TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL,
  state TEXT NOT NULL,
  missed INTEGER NOT NULL,
  missed_at INTEGER NOT NULL);
