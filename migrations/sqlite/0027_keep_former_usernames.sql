-- Usernames that were given up. `reserved_key` and `reserved_skeleton`: what nobody else may be called, and what its owner signs
-- in with meanwhile; null once the reservation is over, which ends at `reserved_until` at the earliest. `account_id`: whose it
-- was; null once that account has gone, and `username` is empty then. `by_owner`: whether the owner gave it up, or somebody who
-- administers accounts. Times are milliseconds since 1970.

CREATE TABLE former_usernames (
    id                INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    account_id        BIGINT REFERENCES accounts (id) ON DELETE CASCADE,
    username          TEXT NOT NULL,
    reserved_key      TEXT UNIQUE,
    reserved_skeleton TEXT,
    reserved_until    BIGINT NOT NULL,
    given_up_at       BIGINT NOT NULL,
    by_owner          BOOLEAN NOT NULL
);

CREATE INDEX former_usernames_account ON former_usernames (account_id, id);
CREATE INDEX former_usernames_skeleton ON former_usernames (reserved_skeleton) WHERE reserved_skeleton IS NOT NULL;
CREATE INDEX former_usernames_until ON former_usernames (reserved_until) WHERE reserved_key IS NOT NULL;
