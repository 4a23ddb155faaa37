-- Who is paged one after the other when something urgent of a target begins.
CREATE TABLE escalation (
  name TEXT PRIMARY KEY,
  target TEXT NOT NULL,
  line TEXT NOT NULL,
  within_seconds INTEGER NOT NULL) WITHOUT ROWID;

CREATE INDEX escalation_of_target ON escalation (target);

-- Pages, each with its line as it was when it began. The step is that of the one paged last, -1 before
-- the first.
CREATE TABLE page (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  escalation TEXT NOT NULL,
  subject TEXT NOT NULL,
  condition TEXT NOT NULL,
  title TEXT NOT NULL,
  line TEXT NOT NULL,
  within_seconds INTEGER NOT NULL,
  state TEXT NOT NULL,
  step INTEGER NOT NULL,
  due INTEGER NOT NULL,
  ended INTEGER NOT NULL,
  acknowledged_by TEXT NOT NULL DEFAULT '',
  change_seq INTEGER NOT NULL,
  opened_at INTEGER NOT NULL);

CREATE INDEX page_due ON page (due) WHERE state <> 'closed';
CREATE INDEX page_of_condition ON page (subject, condition) WHERE state <> 'closed';
