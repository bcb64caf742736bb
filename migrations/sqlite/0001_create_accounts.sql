-- The account store: roles, accounts, sessions, known devices and one-time tickets.
-- Times are milliseconds since 1970; a state is a nullable time, so that it also says since when.

CREATE TABLE roles (
    id   BIGINT PRIMARY KEY NOT NULL,
    name TEXT NOT NULL UNIQUE
);

INSERT INTO roles (id, name) VALUES (1, 'member'), (2, 'editor'), (3, 'administrator');

CREATE TABLE accounts (
    id                  INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    email               TEXT NOT NULL,
    email_key           TEXT NOT NULL UNIQUE,
    username            TEXT,
    username_key        TEXT UNIQUE,
    username_skeleton   TEXT UNIQUE,
    name                TEXT NOT NULL DEFAULT '',
    firstname           TEXT NOT NULL DEFAULT '',
    lastname            TEXT NOT NULL DEFAULT '',
    locale              TEXT,
    role_id             BIGINT NOT NULL REFERENCES roles (id),
    fields              TEXT NOT NULL DEFAULT '{}',
    picture             TEXT,
    password_hash       TEXT,
    password_changed_at BIGINT,
    verified_at         BIGINT,
    locked_at           BIGINT,
    created_at          BIGINT NOT NULL,
    updated_at          BIGINT NOT NULL
);

CREATE INDEX accounts_picture ON accounts (picture);

CREATE TABLE sessions (
    id         INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    token      BLOB NOT NULL UNIQUE,
    device     TEXT NOT NULL DEFAULT '',
    address    TEXT NOT NULL DEFAULT '',
    created_at BIGINT NOT NULL,
    seen_at    BIGINT NOT NULL
);

CREATE INDEX sessions_account ON sessions (account_id);
CREATE INDEX sessions_seen ON sessions (seen_at);

CREATE TABLE devices (
    id         INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    token      BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at    BIGINT NOT NULL,
    UNIQUE (account_id, token)
);

CREATE INDEX devices_token ON devices (token);

CREATE TABLE tickets (
    id         INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    purpose    TEXT NOT NULL,
    token      BLOB NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at    BIGINT
);

CREATE INDEX tickets_account ON tickets (account_id);
