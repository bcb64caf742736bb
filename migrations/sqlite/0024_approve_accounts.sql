-- Since when an account waits until the operator approves of it; null if it does not. Nobody signs in to it before.

ALTER TABLE accounts ADD COLUMN approval_wanted_at BIGINT;

CREATE INDEX accounts_waiting ON accounts (id) WHERE approval_wanted_at IS NOT NULL AND deleted_at IS NULL;
