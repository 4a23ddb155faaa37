-- The few changes that are urgent, to be found among many that are not.
CREATE INDEX change_urgent ON change (seq) WHERE urgent = 1;
