-- What the token of a sign-in at a provider rests on. Those of before are not known: they end at the start.
CREATE TABLE sign_in (
  token TEXT COLLATE "C" PRIMARY KEY,
  issuer TEXT COLLATE "C" NOT NULL,
  client TEXT NOT NULL,
  subject TEXT COLLATE "C" NOT NULL,
  user_claim TEXT NOT NULL,
  role_claim TEXT NOT NULL,
  role_value TEXT NOT NULL);
CREATE INDEX sign_in_subject ON sign_in (issuer, subject);
INSERT INTO sign_in (token, issuer, client, subject, user_claim, role_claim, role_value)
  SELECT id, '', '', '', '', '', '' FROM token
  WHERE note LIKE 'sign-in at %' AND created_by = user_name;
