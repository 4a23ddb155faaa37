-- What waits of one subject to one watch, however much of it was delivered before.
CREATE INDEX delivery_waiting ON delivery (watch_id, channel, subject, version) WHERE state = 'pending';

-- Nothing asks for what is due over all receivers.
DROP INDEX delivery_due;
