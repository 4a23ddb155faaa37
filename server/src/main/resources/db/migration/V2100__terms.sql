-- A user's own terms: the time zone and language that they live in, and what each of their preferences says.
CREATE TABLE person (
  user_name TEXT PRIMARY KEY,
  zone TEXT NOT NULL,
  autowatch TEXT NOT NULL,
  locale TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE preference (
  user_name TEXT NOT NULL,
  scope TEXT NOT NULL,
  channel TEXT NOT NULL,
  terms TEXT NOT NULL,
  PRIMARY KEY (user_name, scope, channel)) WITHOUT ROWID;

-- How many messages went out in the present window of a limit.
CREATE TABLE message_count (
  user_name TEXT NOT NULL,
  name TEXT NOT NULL,
  window_start INTEGER NOT NULL,
  messages INTEGER NOT NULL,
  PRIMARY KEY (user_name, name)) WITHOUT ROWID;

-- What holds a delivery back, in a word and a sentence, and the message that it goes in.
ALTER TABLE delivery ADD COLUMN held TEXT NOT NULL DEFAULT '';
ALTER TABLE delivery ADD COLUMN held_by TEXT NOT NULL DEFAULT '';
ALTER TABLE delivery ADD COLUMN batch TEXT NOT NULL DEFAULT '';

CREATE INDEX delivery_held ON delivery (user_name, channel, batch, due)
  WHERE state = 'pending' AND held <> '';
