-- Since when an account is opened by more than one proof. Null while its password alone signs in.

ALTER TABLE accounts ADD COLUMN second_factor_at BIGINT;

-- When and by what the owner of a session last proved who they are: words with a space between.

ALTER TABLE sessions ADD COLUMN proven_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN factors TEXT NOT NULL DEFAULT '';

UPDATE sessions SET proven_at = created_at, factors = 'password';

-- Until when a known browser is not asked for a second factor.

ALTER TABLE devices ADD COLUMN trusted_until BIGINT;

-- Sign-ins with a right password, or by a right link, that still want a second factor. `token`: the digest of the browser's
-- cookie. `proof`: what was right. `password_changed_at`: of the account then, so that a password that was replaced
-- meanwhile opens nothing.

CREATE TABLE pending_sign_ins (
    id                  INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    account_id          BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    token               BLOB NOT NULL UNIQUE,
    proof               TEXT NOT NULL,
    password_changed_at BIGINT,
    wrong_codes         BIGINT NOT NULL DEFAULT 0,
    created_at          BIGINT NOT NULL,
    expires_at          BIGINT NOT NULL
);

CREATE INDEX pending_sign_ins_account ON pending_sign_ins (account_id);
CREATE INDEX pending_sign_ins_expires ON pending_sign_ins (expires_at);

-- What happened to an account, for its owner. `actor`: who did it (owner, key, operator, system), `actor_name`: which key.
-- `factors`: by what a sign-in was proven. `device` and `address`: browser or app, and network. `detail`: a value of the
-- kind of event, never a secret. Rows are only added, and removed when they are old.

CREATE TABLE security_events (
    id         INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    kind       TEXT NOT NULL,
    actor      TEXT NOT NULL,
    actor_name TEXT NOT NULL DEFAULT '',
    factors    TEXT NOT NULL DEFAULT '',
    device     TEXT NOT NULL DEFAULT '',
    address    TEXT NOT NULL DEFAULT '',
    detail     TEXT NOT NULL DEFAULT '',
    at         BIGINT NOT NULL
);

CREATE INDEX security_events_account ON security_events (account_id, id);
CREATE INDEX security_events_at ON security_events (at);
