-- When an account was first signed in to, by whatever door. It stays when everything that opens the account ends, so that
-- the next sign-in is told to its owner. Of an earlier version's accounts the time is not known: one with any trace of a
-- sign-in, of an end of everything or of a lock has the time of its making.

ALTER TABLE accounts ADD COLUMN first_signed_in_at BIGINT;

UPDATE accounts SET first_signed_in_at = created_at
WHERE password_changed_at > created_at
   OR locked_at IS NOT NULL
   OR EXISTS (SELECT 1 FROM sessions WHERE sessions.account_id = accounts.id)
   OR EXISTS (SELECT 1 FROM devices WHERE devices.account_id = accounts.id)
   OR EXISTS (SELECT 1 FROM known_places WHERE known_places.account_id = accounts.id)
   OR EXISTS (SELECT 1 FROM bearers WHERE bearers.account_id = accounts.id)
   OR EXISTS (SELECT 1 FROM user_secrets WHERE user_secrets.account_id = accounts.id);

-- How the account that a message was about is tied to the mailbox, so that those who have proven nothing leave places to
-- whoever has the mailbox. What an earlier version counted is of the weakest tie, for an hour.

ALTER TABLE mailbox_uses ADD COLUMN tie TEXT NOT NULL DEFAULT 'other';
