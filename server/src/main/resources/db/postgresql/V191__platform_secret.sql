-- What all platforms on a database have to have in common and keep to themselves. SQLite has one
-- platform, whose folder holds it.
CREATE TABLE platform_secret (
  name TEXT COLLATE "C" PRIMARY KEY,
  value TEXT NOT NULL);
