-- Passwords that were made for one program each. `audience`: the dialect. `digest`: SHA-256 of account, dialect and password.
-- `device` and `address`: the program that last used it, and its network.

CREATE TABLE app_passwords (
    id         INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    name       TEXT NOT NULL,
    audience   TEXT NOT NULL,
    digest     BLOB NOT NULL UNIQUE,
    device     TEXT NOT NULL DEFAULT '',
    address    TEXT NOT NULL DEFAULT '',
    created_at BIGINT NOT NULL,
    seen_at    BIGINT
);

CREATE INDEX app_passwords_account ON app_passwords (account_id);

-- Which app password a bearer or a secret was given for. It ends with that one, whose number no other gets.

ALTER TABLE bearers ADD COLUMN app_password_id BIGINT;
ALTER TABLE user_secrets ADD COLUMN app_password_id BIGINT;
