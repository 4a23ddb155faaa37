-- Whether a person or a token did it, and not the platform by itself or somebody else's event.
ALTER TABLE change ADD COLUMN act INTEGER NOT NULL DEFAULT 0;
UPDATE change SET act = 1
WHERE actor NOT IN ('watch', 'slo', 'observe', 'oncall', 'auth.openid') AND actor NOT LIKE 'source/%'
  AND body NOT LIKE '%"event":{%';

CREATE INDEX change_act ON change (seq) WHERE act = 1;
CREATE INDEX change_act_of_actor ON change (actor, seq) WHERE act = 1;

-- Who signed in and out, and why others could not; the refused of one reason and hour together.
CREATE TABLE sign_in_event (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  hour INTEGER NOT NULL,
  user_name TEXT NOT NULL,
  what TEXT NOT NULL,
  detail TEXT NOT NULL,
  times INTEGER NOT NULL);
CREATE INDEX sign_in_event_of_user ON sign_in_event (user_name, id);
CREATE UNIQUE INDEX sign_in_event_refused ON sign_in_event (hour, detail) WHERE what = 'refused';
