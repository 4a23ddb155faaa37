-- Work is cut into parts, which replicas share: fan-outs by subject, deliveries by user. A claim
-- names the replica that made it.
ALTER TABLE fanout ADD COLUMN part BIGINT NOT NULL DEFAULT 0;
ALTER TABLE delivery ADD COLUMN part BIGINT NOT NULL DEFAULT 0;
ALTER TABLE delivery ADD COLUMN claimed_by BIGINT NOT NULL DEFAULT 0;
