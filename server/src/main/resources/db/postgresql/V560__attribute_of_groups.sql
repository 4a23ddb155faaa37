-- By which attribute each group was counted; empty of those that were stored before this was kept,
-- which are taken for those of the objective's attribute.
ALTER TABLE slo_group ADD COLUMN attribute TEXT COLLATE "C" NOT NULL DEFAULT '';
