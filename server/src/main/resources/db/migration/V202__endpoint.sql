-- A user's address book: where channels beside the inbox reach the user.
CREATE TABLE endpoint (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  user TEXT NOT NULL,
  channel TEXT NOT NULL,
  address TEXT NOT NULL,
  secret TEXT NOT NULL,
  older_secret TEXT NOT NULL DEFAULT '',
  state TEXT NOT NULL,
  note TEXT NOT NULL DEFAULT '',
  failures INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL);

CREATE UNIQUE INDEX endpoint_of_user ON endpoint (user, channel);
