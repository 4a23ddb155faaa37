-- Open pages of an escalation, newest first, however many are closed.
CREATE INDEX page_open ON page (id) WHERE state <> 'closed';
