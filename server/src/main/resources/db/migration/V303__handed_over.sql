-- What one replica received and another counts: removed in the transaction that counts it.
CREATE TABLE handed_over (
  seq INTEGER PRIMARY KEY,
  items BIGINT NOT NULL,
  body TEXT NOT NULL);
