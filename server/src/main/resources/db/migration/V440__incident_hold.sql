-- Who looks after an incident or silenced it, until when and why; gone when its time is over.
CREATE TABLE incident_hold (
  incident TEXT NOT NULL,
  objective TEXT NOT NULL,
  kind TEXT NOT NULL,
  by_user TEXT NOT NULL,
  reason TEXT NOT NULL,
  at_ms BIGINT NOT NULL,
  until_ms BIGINT NOT NULL,
  PRIMARY KEY (incident, kind));
CREATE INDEX incident_hold_until ON incident_hold (until_ms);
CREATE INDEX alert_of_incident ON alert (incident);
