-- Whether a deleted account was deleted by its owner, who can take that back. When its owner asked the operator to delete it,
-- where that is the operator's to decide.

ALTER TABLE accounts ADD COLUMN deleted_by_owner BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE accounts ADD COLUMN deletion_asked_at BIGINT;

CREATE INDEX accounts_deletion_asked ON accounts (id) WHERE deletion_asked_at IS NOT NULL AND deleted_at IS NULL;
