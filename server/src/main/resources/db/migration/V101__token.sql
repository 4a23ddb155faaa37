-- Tokens that this platform has signed; never their text. Times are ISO 8601 in UTC.
CREATE TABLE token (
  id TEXT PRIMARY KEY,
  user TEXT NOT NULL,
  role TEXT NOT NULL,
  note TEXT NOT NULL,
  created_by TEXT NOT NULL,
  created_at TEXT NOT NULL,
  expires_at TEXT NOT NULL
);

-- Tokens, and logins, that no longer hold although they have not expired.
CREATE TABLE revocation (
  id TEXT PRIMARY KEY,
  revoked_by TEXT NOT NULL,
  revoked_at TEXT NOT NULL,
  expires_at TEXT NOT NULL
);
