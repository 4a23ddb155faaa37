-- The next message of each partition that changes come from, moved on in the transaction of its changes.
CREATE TABLE kafka_in (
  topic TEXT NOT NULL,
  part INTEGER NOT NULL,
  next_message INTEGER NOT NULL,
  taken INTEGER NOT NULL,
  repeated INTEGER NOT NULL,
  refused INTEGER NOT NULL,
  PRIMARY KEY (topic, part));

-- The newest messages that became no change, and why.
CREATE TABLE kafka_refused (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  topic TEXT NOT NULL,
  part INTEGER NOT NULL,
  message INTEGER NOT NULL,
  at INTEGER NOT NULL,
  reason TEXT NOT NULL,
  size INTEGER NOT NULL,
  encoding TEXT NOT NULL,
  value TEXT NOT NULL);

-- The newest change that a topic has.
CREATE TABLE kafka_out (
  topic TEXT PRIMARY KEY,
  seq INTEGER NOT NULL);
