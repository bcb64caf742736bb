-- The version of the terms of use that the owner of an account agreed to last, and when; null if to none.

ALTER TABLE accounts ADD COLUMN terms TEXT;
ALTER TABLE accounts ADD COLUMN terms_at BIGINT;
