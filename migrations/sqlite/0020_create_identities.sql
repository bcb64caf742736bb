-- Accounts at other providers that sign in to accounts here. `subject`: who it is there, for good. `handle`: by what its owner
-- recognises it.

CREATE TABLE identities (
    id         INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    issuer     TEXT NOT NULL,
    subject    TEXT NOT NULL,
    handle     TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at    BIGINT,
    UNIQUE (issuer, subject)
);

CREATE INDEX identities_account ON identities (account_id);

-- Browsers that were sent to a provider. `state` and `browser`: digests of what comes back in the address and of the cookie; what the
-- provider checks is computed from both secrets. `session_id`: of whoever wants to link an account; NULL for signing in.

CREATE TABLE provider_departures (
    state      BLOB PRIMARY KEY NOT NULL,
    browser    BLOB NOT NULL,
    provider   TEXT NOT NULL,
    session_id BIGINT REFERENCES sessions (id) ON DELETE CASCADE,
    next       TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE INDEX provider_departures_session ON provider_departures (session_id);
CREATE INDEX provider_departures_expires ON provider_departures (expires_at);

-- Browsers that came back from a provider with somebody whom no account here has. `browser`: the digest of the cookie. `email` and
-- `name`: what the provider suggests, which proves nothing.

CREATE TABLE pending_identities (
    browser    BLOB PRIMARY KEY NOT NULL,
    provider   TEXT NOT NULL,
    issuer     TEXT NOT NULL,
    subject    TEXT NOT NULL,
    handle     TEXT NOT NULL,
    email      TEXT NOT NULL,
    name       TEXT NOT NULL,
    next       TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE INDEX pending_identities_expires ON pending_identities (expires_at);
