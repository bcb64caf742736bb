-- The outbox: mail that is still to be sent, written with the change that causes it. A message that was sent is no
-- row any more. What is secret in a message is drawn when it is sent: it never stands here.
-- `due_at`: not to be tried before. `leased_until`: being sent until then, by whoever counted `attempts` up.

CREATE TABLE outbox (
    id           INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    kind         TEXT NOT NULL,
    account_id   BIGINT REFERENCES accounts (id) ON DELETE CASCADE,
    recipient    TEXT NOT NULL,
    locale       TEXT,
    attempts     BIGINT NOT NULL DEFAULT 0,
    created_at   BIGINT NOT NULL,
    due_at       BIGINT NOT NULL,
    leased_until BIGINT,
    failed_at    BIGINT,
    failure      TEXT NOT NULL DEFAULT ''
);

CREATE INDEX outbox_due ON outbox (due_at) WHERE failed_at IS NULL;
CREATE INDEX outbox_account ON outbox (account_id);
