-- When the one who was paged last was; 0 before the first, and where it was not kept yet.
ALTER TABLE page ADD COLUMN paged_at INTEGER NOT NULL DEFAULT 0;
