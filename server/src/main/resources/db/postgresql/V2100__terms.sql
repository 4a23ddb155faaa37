-- A user's own terms: the time zone and language that they live in, and what each of their preferences says.
CREATE TABLE person (
  user_name TEXT COLLATE "C" PRIMARY KEY,
  zone TEXT NOT NULL,
  autowatch TEXT NOT NULL,
  locale TEXT NOT NULL);

CREATE TABLE preference (
  user_name TEXT COLLATE "C" NOT NULL,
  scope TEXT COLLATE "C" NOT NULL,
  channel TEXT COLLATE "C" NOT NULL,
  terms TEXT NOT NULL,
  PRIMARY KEY (user_name, scope, channel));

-- How many messages went out in the present window of a limit.
CREATE TABLE message_count (
  user_name TEXT COLLATE "C" NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  window_start BIGINT NOT NULL,
  messages BIGINT NOT NULL,
  PRIMARY KEY (user_name, name));

-- What holds a delivery back, in a word and a sentence, and the message that it goes in.
ALTER TABLE delivery ADD COLUMN held TEXT NOT NULL DEFAULT '';
ALTER TABLE delivery ADD COLUMN held_by TEXT NOT NULL DEFAULT '';
ALTER TABLE delivery ADD COLUMN batch TEXT COLLATE "C" NOT NULL DEFAULT '';

CREATE INDEX delivery_held ON delivery (user_name, channel, batch, due)
  WHERE state = 'pending' AND held <> '';
