-- What agents have not seen of each service since they started, as they told it last.
CREATE TABLE unseen_total (
  host TEXT COLLATE "C" NOT NULL,
  service TEXT COLLATE "C" NOT NULL,
  kind TEXT COLLATE "C" NOT NULL,
  instance TEXT NOT NULL,
  started_ms BIGINT NOT NULL,
  amount BIGINT NOT NULL,
  PRIMARY KEY (host, service, kind));
CREATE INDEX unseen_total_by_service ON unseen_total (service);

-- The same by the minute in which it was told; older ones by the hour and the day, at their last
-- minute.
CREATE TABLE unseen (
  service TEXT COLLATE "C" NOT NULL,
  minute BIGINT NOT NULL,
  kind TEXT COLLATE "C" NOT NULL,
  amount BIGINT NOT NULL,
  PRIMARY KEY (service, minute, kind));

-- Whether what was not seen could explain an alert; empty where no agent tells of the services.
ALTER TABLE alert ADD COLUMN unseen TEXT NOT NULL DEFAULT '';
