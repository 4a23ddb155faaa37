-- A user's private feed: its link is signed over the nonce, so another nonce ends the link.
CREATE TABLE feed (
  user_name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  nonce TEXT COLLATE "C" NOT NULL UNIQUE,
  made_at BIGINT NOT NULL);
