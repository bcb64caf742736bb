-- Mail that the mail server has taken: to whom, what kind and when, never what it said. Kept for 30 days, for the operator's staff
-- and for the owner. `id` is the number that the message had in the outbox. No foreign key: the row is written while the
-- message's own is locked, and whoever holds the account may wait for that.

CREATE TABLE sent_mails (
    id         BIGINT PRIMARY KEY NOT NULL,
    account_id BIGINT NOT NULL,
    kind       TEXT NOT NULL,
    recipient  TEXT NOT NULL,
    attempts   BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    sent_at    BIGINT NOT NULL
);

CREATE INDEX sent_mails_account ON sent_mails (account_id, id);
CREATE INDEX sent_mails_sent ON sent_mails (sent_at);

-- What was set aside is listed and counted.

CREATE INDEX outbox_failed ON outbox (id) WHERE failed_at IS NOT NULL;

-- Who was invited and has not come yet.

CREATE INDEX accounts_invited ON accounts (id) WHERE password_hash IS NULL AND first_signed_in_at IS NULL AND deleted_at IS NULL;
