-- `post_logout_uris`: where a browser may go after it was signed out for a client, one a line. `logout_uri`: where the client is told that a
-- session has ended. `device`: whether it may sign in devices.

ALTER TABLE oidc_clients ADD COLUMN post_logout_uris TEXT NOT NULL DEFAULT '';
ALTER TABLE oidc_clients ADD COLUMN logout_uri TEXT;
ALTER TABLE oidc_clients ADD COLUMN device BOOLEAN NOT NULL DEFAULT FALSE;

-- Claims that a client asked for one by one, beside its scopes: names for the ID token, `|`, names for the userinfo endpoint.

ALTER TABLE oidc_codes ADD COLUMN claims TEXT NOT NULL DEFAULT '';
ALTER TABLE oidc_tokens ADD COLUMN claims TEXT NOT NULL DEFAULT '';

-- Clients that somebody was signed in to by a session. `sid`: the session's name in ID tokens of the client.

CREATE TABLE oidc_sign_ins (
    sid        TEXT PRIMARY KEY NOT NULL,
    session_id BIGINT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    grant_id   BIGINT NOT NULL REFERENCES oidc_grants (id) ON DELETE CASCADE,
    client_id  BIGINT NOT NULL REFERENCES oidc_clients (id) ON DELETE CASCADE,
    account_id BIGINT NOT NULL,
    UNIQUE (session_id, client_id)
);

CREATE INDEX oidc_sign_ins_grant ON oidc_sign_ins (grant_id);
CREATE INDEX oidc_sign_ins_client ON oidc_sign_ins (client_id);

-- What clients have yet to be told: that a sign-in has ended. The account may be gone by then. `due_at`: when it is to be tried, or when the
-- lease of whoever tries it ends.

CREATE TABLE oidc_logouts (
    id         INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    client_id  BIGINT NOT NULL REFERENCES oidc_clients (id) ON DELETE CASCADE,
    sid        TEXT NOT NULL,
    account_id BIGINT NOT NULL,
    tries      BIGINT NOT NULL DEFAULT 0,
    due_at     BIGINT NOT NULL DEFAULT 0
);

CREATE INDEX oidc_logouts_client ON oidc_logouts (client_id);
CREATE INDEX oidc_logouts_due ON oidc_logouts (due_at);

-- Whatever ends a session or a grant ends its sign-ins, in the same transaction, and writes who has to be told.

CREATE TRIGGER oidc_sign_ins_ended AFTER DELETE ON oidc_sign_ins FOR EACH ROW
BEGIN
    INSERT INTO oidc_logouts (client_id, sid, account_id)
        SELECT id, OLD.sid, OLD.account_id FROM oidc_clients
        WHERE id = OLD.client_id AND logout_uri IS NOT NULL AND revoked_at IS NULL;
END;

-- Requests that a client sent before the browser came (RFC 9126). `query`: its parameters. `used_at`: when a code was given for it.

CREATE TABLE oidc_pushed_requests (
    digest     BLOB PRIMARY KEY NOT NULL,
    client_id  BIGINT NOT NULL REFERENCES oidc_clients (id) ON DELETE CASCADE,
    query      TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    used_at    BIGINT
);

CREATE INDEX oidc_pushed_requests_client ON oidc_pushed_requests (client_id);
CREATE INDEX oidc_pushed_requests_created ON oidc_pushed_requests (created_at);

-- Devices that wait for somebody to type `code` (RFC 8628), which is NULL once that was done. `digest`: of the secret by which the device
-- asks. `pause`: milliseconds between two questions. `grant_id` and what follows: by whom it was permitted.

CREATE TABLE oidc_devices (
    digest     BLOB PRIMARY KEY NOT NULL,
    code       TEXT UNIQUE,
    client_id  BIGINT NOT NULL REFERENCES oidc_clients (id) ON DELETE CASCADE,
    scopes     TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    asked_at   BIGINT NOT NULL DEFAULT 0,
    pause      BIGINT NOT NULL,
    grant_id   BIGINT REFERENCES oidc_grants (id) ON DELETE CASCADE,
    proven_at  BIGINT NOT NULL DEFAULT 0,
    factors    TEXT NOT NULL DEFAULT '',
    denied_at  BIGINT,
    used_at    BIGINT
);

CREATE INDEX oidc_devices_client ON oidc_devices (client_id);
CREATE INDEX oidc_devices_grant ON oidc_devices (grant_id);
CREATE INDEX oidc_devices_created ON oidc_devices (created_at);
