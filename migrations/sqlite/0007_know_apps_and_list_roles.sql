-- Apps that have signed in to an account before, by the digests of the bearers that they had. A bearer's row goes
-- when it ends; this one stays, so that strangers' wrong guesses do not shut the app out when it signs in again.
-- `previous`: of the bearer that the app presented for this one, in case the answer never reached it.

CREATE TABLE known_apps (
    id         INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    token      BLOB NOT NULL UNIQUE,
    previous   BLOB,
    seen_at    BIGINT NOT NULL
);

CREATE INDEX known_apps_account ON known_apps (account_id);
CREATE INDEX known_apps_previous ON known_apps (previous);

INSERT INTO known_apps (account_id, token, seen_at)
SELECT account_id, token, seen_at FROM bearers WHERE paired_at IS NULL AND audience <> 'amadis';

-- When a generated password stops to sign in; null for one that its owner chose.

ALTER TABLE accounts ADD COLUMN password_expires_at BIGINT;

-- The numbers of the roles that a key may give, with a space between. A key keeps what its highest role covered.

ALTER TABLE api_keys ADD COLUMN roles TEXT NOT NULL DEFAULT '';

UPDATE api_keys
SET roles = COALESCE((SELECT GROUP_CONCAT(roles.id, ' ') FROM roles WHERE roles.id <= api_keys.max_role), '');

ALTER TABLE api_keys DROP COLUMN max_role;
