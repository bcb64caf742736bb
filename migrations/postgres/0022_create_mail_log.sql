-- What became of mail about accounts: to whom, what kind and when, never what it said. Kept for 30 days, for the operator's staff
-- and for the owner. `id` is the number that the message had in the outbox. `outcome`: sent (the mail server has taken it),
-- held_back (the mailbox had its messages of the hour) or withdrawn (it was set aside, and its link was made void). `at`: when.
-- No foreign key: the row is written while the message's own is locked, and whoever holds the account may wait for that.

CREATE TABLE mail_log (
    id         BIGINT PRIMARY KEY NOT NULL,
    account_id BIGINT NOT NULL,
    kind       TEXT NOT NULL,
    recipient  TEXT NOT NULL,
    attempts   BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    outcome    TEXT NOT NULL,
    failure    TEXT NOT NULL DEFAULT '',
    at         BIGINT NOT NULL
);

CREATE INDEX mail_log_account ON mail_log (account_id, id);
CREATE INDEX mail_log_at ON mail_log (at);

-- What was set aside is listed and counted.

CREATE INDEX outbox_failed ON outbox (id) WHERE failed_at IS NOT NULL;

-- Who was invited and has not come yet.

CREATE INDEX accounts_invited ON accounts (id) WHERE password_hash IS NULL AND first_signed_in_at IS NULL AND deleted_at IS NULL;
