-- Whatever opens an account says who holds it and from which network it was last used, so that its owner can
-- tell one from another. `device`: browser, app or device. `address`: a network, such as 203.0.113.0/24.

ALTER TABLE devices ADD COLUMN device TEXT NOT NULL DEFAULT '';
ALTER TABLE devices ADD COLUMN address TEXT NOT NULL DEFAULT '';
ALTER TABLE bearers ADD COLUMN address TEXT NOT NULL DEFAULT '';
ALTER TABLE user_secrets ADD COLUMN device TEXT NOT NULL DEFAULT '';
ALTER TABLE user_secrets ADD COLUMN address TEXT NOT NULL DEFAULT '';
ALTER TABLE user_secrets ADD COLUMN seen_at BIGINT;

-- The networks from which programs signed in to an account, by door. A sign-in from any other is told to the owner.
CREATE TABLE known_places (
    id         INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    door       TEXT NOT NULL,
    address    TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at    BIGINT NOT NULL,
    UNIQUE (account_id, door, address)
);

-- A bearer that is exchanged keeps its row: `family` is the digest of what all its secrets have in common.
ALTER TABLE bearers ADD COLUMN family BLOB;
CREATE UNIQUE INDEX bearers_family ON bearers (family);

-- Secrets that were exchanged within the last minute. `successor`: the next secret, which only whoever holds
-- this one can read.
CREATE TABLE exchanged_bearers (
    id         INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    bearer_id  BIGINT NOT NULL REFERENCES bearers (id) ON DELETE CASCADE,
    token      BLOB NOT NULL UNIQUE,
    successor  BLOB NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE INDEX exchanged_bearers_bearer ON exchanged_bearers (bearer_id);
CREATE INDEX exchanged_bearers_expires ON exchanged_bearers (expires_at);
