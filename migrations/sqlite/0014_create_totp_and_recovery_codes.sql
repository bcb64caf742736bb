-- The keys that something was encrypted under: their ids, never the keys. A retired key encrypts nothing new. Its row stays,
-- so that a server that has not heard of the rotation cannot begin anew with it.

CREATE TABLE secret_keys (
    id            BLOB PRIMARY KEY NOT NULL,
    first_used_at BIGINT NOT NULL,
    retired_at    BIGINT
);

-- Secrets of authenticator apps, encrypted under `key_id`. One that is not confirmed yet opens nothing, and is its session's: it
-- ends with that. `used_step`: the last time step of which a code was used; no code of that or an earlier one is taken again.

CREATE TABLE totp_secrets (
    id           INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    account_id   BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    session_id   BIGINT REFERENCES sessions (id) ON DELETE CASCADE,
    secret       BLOB NOT NULL,
    key_id       BLOB NOT NULL,
    used_step    BIGINT NOT NULL DEFAULT 0,
    created_at   BIGINT NOT NULL,
    confirmed_at BIGINT
);

CREATE UNIQUE INDEX totp_secrets_confirmed ON totp_secrets (account_id) WHERE confirmed_at IS NOT NULL;
CREATE UNIQUE INDEX totp_secrets_pending ON totp_secrets (account_id) WHERE confirmed_at IS NULL;
CREATE INDEX totp_secrets_account ON totp_secrets (account_id);
CREATE INDEX totp_secrets_key ON totp_secrets (key_id);
CREATE INDEX totp_secrets_session ON totp_secrets (session_id);

-- Recovery codes that have not been used, as digests that are bound to their account.

CREATE TABLE recovery_codes (
    id         INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    digest     BLOB NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE UNIQUE INDEX recovery_codes_account ON recovery_codes (account_id, digest);
