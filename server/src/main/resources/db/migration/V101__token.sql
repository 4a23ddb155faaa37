-- Tokens that this platform has signed. The text of a token is never stored.
CREATE TABLE token (
  jti TEXT PRIMARY KEY,
  sub TEXT NOT NULL,
  role TEXT NOT NULL,
  note TEXT NOT NULL,
  created_by TEXT NOT NULL,
  created_at TEXT NOT NULL,
  expires_at TEXT NOT NULL,
  revoked_at TEXT
);
