-- What people did that is no change beside sign-ins: to watches and inboxes, those of one hour together.
ALTER TABLE sign_in_event ADD COLUMN target TEXT NOT NULL DEFAULT '';
CREATE UNIQUE INDEX sign_in_event_of_target ON sign_in_event (user_name, hour, what, target, detail) WHERE target <> '';
