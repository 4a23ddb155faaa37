-- Tokens in the order of their pages, of all users and of one.
CREATE INDEX token_newest ON token (created_at, id);
CREATE INDEX token_of_user ON token (user_name, created_at, id);
