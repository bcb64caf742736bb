-- What a message names besides its kind, such as the browser that signed in: our own words, never what somebody typed.
ALTER TABLE outbox ADD COLUMN detail TEXT NOT NULL DEFAULT '';

-- The address that a mailed link proves, where it is not the account's yet.
ALTER TABLE tickets ADD COLUMN address TEXT;
