-- What went to each mailbox within the last hour, so that nobody can fill it: not over instances, nor over a restart.
-- `mail_id`: the message's number in the outbox, so that one that is tried again counts once.

CREATE TABLE mailbox_uses (
    mail_id BIGINT PRIMARY KEY NOT NULL,
    mailbox TEXT NOT NULL,
    kind    TEXT NOT NULL,
    used_at BIGINT NOT NULL
);

CREATE INDEX mailbox_uses_mailbox ON mailbox_uses (mailbox, used_at);
CREATE INDEX mailbox_uses_used ON mailbox_uses (used_at);

-- What the last registration with an account's address said, where addresses have to be proven first: whether it made
-- the account or found it there. Sign-in answers by it that the address is to be proven, so that nobody learns which
-- of the two it was. A claim opens nothing. Its usernames are taken from then on, as an account's is.

CREATE TABLE claims (
    account_id    BIGINT PRIMARY KEY NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    password_hash TEXT NOT NULL,
    claimed_at    BIGINT NOT NULL
);

CREATE TABLE claimed_usernames (
    username_key      TEXT PRIMARY KEY NOT NULL,
    username_skeleton TEXT NOT NULL UNIQUE,
    account_id        BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    claimed_at        BIGINT NOT NULL
);

CREATE INDEX claimed_usernames_account ON claimed_usernames (account_id);
