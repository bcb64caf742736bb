-- What programs present instead of a cookie: the operator's API keys, the bearers and user secrets of the JSON
-- dialects, and the codes of devices that are being paired. Only digests of secrets are kept.

CREATE TABLE api_keys (
    id         INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    name       TEXT NOT NULL,
    token      BLOB NOT NULL UNIQUE,
    scopes     TEXT NOT NULL,
    max_role   BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    used_at    BIGINT,
    revoked_at BIGINT
);

-- A revoked key's name may be given again.
CREATE UNIQUE INDEX api_keys_name ON api_keys (name) WHERE revoked_at IS NULL;

CREATE TABLE bearers (
    id         INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    audience   TEXT NOT NULL,
    token      BLOB NOT NULL UNIQUE,
    device     TEXT NOT NULL DEFAULT '',
    paired_at  BIGINT,
    created_at BIGINT NOT NULL,
    seen_at    BIGINT NOT NULL,
    idle_ms    BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE INDEX bearers_account ON bearers (account_id, audience);
CREATE INDEX bearers_expires ON bearers (expires_at);

CREATE TABLE user_secrets (
    account_id BIGINT PRIMARY KEY NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    secret     BLOB NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE pairings (
    id           INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    name         TEXT NOT NULL,
    token        BLOB NOT NULL UNIQUE,
    code         TEXT UNIQUE,
    bearer_id    BIGINT REFERENCES bearers (id) ON DELETE CASCADE,
    created_at   BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL,
    delivered_at BIGINT
);

CREATE INDEX pairings_expires ON pairings (expires_at);
CREATE INDEX pairings_bearer ON pairings (bearer_id);
