-- OpenID Connect. A client is a site, an app or a program that signs people in here. `identifier`: its `client_id`. `secret`: SHA-256;
-- NULL for a public client. `redirect_uris`: one a line.

CREATE TABLE oidc_clients (
    id            INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    name          TEXT NOT NULL,
    identifier    TEXT NOT NULL UNIQUE,
    secret        BLOB,
    redirect_uris TEXT NOT NULL,
    first_party   BOOLEAN NOT NULL,
    without_pkce  BOOLEAN NOT NULL,
    algorithm     TEXT NOT NULL,
    created_at    BIGINT NOT NULL,
    used_at       BIGINT,
    revoked_at    BIGINT
);

CREATE UNIQUE INDEX oidc_clients_name ON oidc_clients (name) WHERE revoked_at IS NULL;

-- What an account permits to a client. Codes and tokens end with it. `permitted_at`: when something was last added.

CREATE TABLE oidc_grants (
    id         INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    client_id  BIGINT NOT NULL REFERENCES oidc_clients (id) ON DELETE CASCADE,
    scopes     TEXT NOT NULL,
    created_at   BIGINT NOT NULL,
    permitted_at BIGINT NOT NULL,
    used_at      BIGINT NOT NULL,
    UNIQUE (account_id, client_id)
);

CREATE INDEX oidc_grants_client ON oidc_grants (client_id);

-- Codes, which are used once, within a minute. `used_at`: whoever comes with it again ends the tokens that were given for it, whose
-- `family` is `digest`.

CREATE TABLE oidc_codes (
    digest       BLOB PRIMARY KEY NOT NULL,
    grant_id     BIGINT NOT NULL REFERENCES oidc_grants (id) ON DELETE CASCADE,
    session_id   BIGINT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    redirect_uri TEXT NOT NULL,
    scopes       TEXT NOT NULL,
    nonce        TEXT,
    challenge    TEXT,
    proven_at    BIGINT NOT NULL,
    factors      TEXT NOT NULL,
    created_at   BIGINT NOT NULL,
    used_at      BIGINT
);

CREATE INDEX oidc_codes_grant ON oidc_codes (grant_id);
CREATE INDEX oidc_codes_session ON oidc_codes (session_id);
CREATE INDEX oidc_codes_created ON oidc_codes (created_at);

-- Access tokens and refresh tokens. `session_id`: the session that they end with; NULL where they go on without it. `spent_at`: of a
-- refresh token that was exchanged; whoever comes with it again ends its family.

CREATE TABLE oidc_tokens (
    digest     BLOB PRIMARY KEY NOT NULL,
    refreshes  BOOLEAN NOT NULL,
    grant_id   BIGINT NOT NULL REFERENCES oidc_grants (id) ON DELETE CASCADE,
    session_id BIGINT REFERENCES sessions (id) ON DELETE CASCADE,
    family     BLOB NOT NULL,
    scopes     TEXT NOT NULL,
    proven_at  BIGINT NOT NULL,
    factors    TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    spent_at   BIGINT
);

CREATE INDEX oidc_tokens_grant ON oidc_tokens (grant_id);
CREATE INDEX oidc_tokens_session ON oidc_tokens (session_id);
CREATE INDEX oidc_tokens_family ON oidc_tokens (family);
CREATE INDEX oidc_tokens_expires ON oidc_tokens (expires_at);

-- Keys that sign ID tokens, encrypted under the secret key `key_id`. `public`: the public half, as a JSON Web Key.

CREATE TABLE oidc_signing_keys (
    id         INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    algorithm  TEXT NOT NULL,
    secret     BLOB NOT NULL,
    key_id     BLOB NOT NULL,
    public     TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE INDEX oidc_signing_keys_key ON oidc_signing_keys (key_id);

-- By what the owner of a session proved who they are at `proven_at`; empty where that is `factors`. Those of before stay in `factors`.

ALTER TABLE sessions ADD COLUMN proof_factors TEXT NOT NULL DEFAULT '';
