-- A user's private feed: its link is signed over the nonce, so another nonce ends the link.
CREATE TABLE feed (
  user_name TEXT NOT NULL PRIMARY KEY,
  nonce TEXT NOT NULL UNIQUE,
  made_at INTEGER NOT NULL) WITHOUT ROWID;
