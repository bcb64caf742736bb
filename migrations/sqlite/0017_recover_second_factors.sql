-- When the second factors of an account are to be taken off, because somebody with its password and its mailbox has asked for
-- it; null if nobody has. And when its owner was last told.

ALTER TABLE accounts ADD COLUMN factor_recovery_due_at BIGINT;
ALTER TABLE accounts ADD COLUMN factor_recovery_told_at BIGINT;

CREATE INDEX accounts_factor_recovery ON accounts (factor_recovery_due_at) WHERE factor_recovery_due_at IS NOT NULL;
