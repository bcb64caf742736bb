-- Messages that sites are still to be sent, written with what they tell of. A message that was taken is no row any more.
-- `webhook`: the name in the settings. `message`: the message's own name (`webhook-id`), the same for every webhook. `event`: its
-- type, such as account.created. `account_id`: whom it is about; no foreign key, because it is told that an account is gone.
-- `body`: what is sent, the same at every try. `attempts`: how often it was leased. `failures`: tries that have failed since it
-- was written or made due. `due_at`: not to be tried before. `leased_until`: being sent until then, by whoever counted
-- `attempts` up. `failed_at`: when it was set aside. `retried_at`: when an operator last made it due.

CREATE TABLE webhook_deliveries (
    id           INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    webhook      TEXT NOT NULL,
    message      TEXT NOT NULL,
    event        TEXT NOT NULL,
    account_id   BIGINT NOT NULL,
    body         TEXT NOT NULL,
    attempts     BIGINT NOT NULL DEFAULT 0,
    failures     BIGINT NOT NULL DEFAULT 0,
    created_at   BIGINT NOT NULL,
    due_at       BIGINT NOT NULL,
    leased_until BIGINT,
    failed_at    BIGINT,
    failure      TEXT NOT NULL DEFAULT '',
    retried_at   BIGINT
);

CREATE INDEX webhook_deliveries_due ON webhook_deliveries (webhook, due_at) WHERE failed_at IS NULL;
CREATE INDEX webhook_deliveries_failed ON webhook_deliveries (failed_at) WHERE failed_at IS NOT NULL;
