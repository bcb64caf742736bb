-- By what an authenticator knows an account: sixteen random bytes, the same for all its passkeys (W3C Web Authentication,
-- "user handle"). It outlives them, so that a passkey made anew replaces the old one where it is kept.

CREATE TABLE passkey_handles (
    account_id BIGINT PRIMARY KEY NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    handle     BLOB NOT NULL UNIQUE
);

-- Passkeys. `credential_id`: by what an authenticator finds one. `credential`: the public key and what else was registered,
-- as JSON. `sign_count`: the counter of the last use. `model`: the AAGUID of the authenticator. `seen_at` and `address`:
-- last use, null and empty before the first.

CREATE TABLE passkeys (
    id            INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    account_id    BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    credential_id BLOB NOT NULL UNIQUE,
    credential    TEXT NOT NULL,
    sign_count    BIGINT NOT NULL,
    model         BLOB NOT NULL,
    name          TEXT NOT NULL,
    created_at    BIGINT NOT NULL,
    seen_at       BIGINT,
    address       TEXT NOT NULL DEFAULT ''
);

CREATE INDEX passkeys_account ON passkeys (account_id, id);

-- Challenges that no authenticator has answered yet. `purpose`: registration, sign_in, prove. Account and session are those
-- that it was made for; null where nobody is known. `state`: what the answer is checked against, as JSON. An answer deletes
-- its row, right or wrong.

CREATE TABLE passkey_challenges (
    challenge  BLOB PRIMARY KEY NOT NULL,
    purpose    TEXT NOT NULL,
    account_id BIGINT REFERENCES accounts (id) ON DELETE CASCADE,
    session_id BIGINT REFERENCES sessions (id) ON DELETE CASCADE,
    state      TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE INDEX passkey_challenges_account ON passkey_challenges (account_id);
CREATE INDEX passkey_challenges_session ON passkey_challenges (session_id);
CREATE INDEX passkey_challenges_expires ON passkey_challenges (expires_at);
