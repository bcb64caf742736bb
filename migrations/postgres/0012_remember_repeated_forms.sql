-- A browser without script sends a form twice when its button is pressed twice, and shows the second answer alone. For some
-- seconds a session is known by the secret that it had before, and a pairing by the code that was used, to whoever proves
-- to be its owner.

ALTER TABLE sessions ADD COLUMN former_token BYTEA;
ALTER TABLE sessions ADD COLUMN renewed_at BIGINT;
CREATE INDEX sessions_former ON sessions (former_token) WHERE former_token IS NOT NULL;

ALTER TABLE pairings ADD COLUMN used_code TEXT;
