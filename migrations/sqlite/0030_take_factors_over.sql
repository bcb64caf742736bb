-- `keyed`: a recovery code that came along from another product, whose digest has the secret of the account's authenticator app
-- for a key: another app makes it void. `factor_lost`: the account had a second factor there that could not come along, so it
-- wants one here that its owner does not have.

ALTER TABLE recovery_codes ADD COLUMN keyed BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE imported_accounts ADD COLUMN factor_lost BOOLEAN NOT NULL DEFAULT FALSE;
