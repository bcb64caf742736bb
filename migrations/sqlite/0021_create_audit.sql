-- What happened, to whom, by whom and from where: the operator's audit log, in which the owner of an account reads the rows
-- about it. `actor`: who did it (owner, key, staff, operator, system); `actor_id`: the account of an owner or of staff;
-- `actor_name`: which key. `account_id`: to whom; no foreign key, because rows stay when the account is gone. `target`: the
-- name of what is no account, such as a key. `outcome`: done or refused. `factors`: by what a sign-in was proven. `device` and
-- `address`: browser or app, and network, as the owner may read them. `origin`: the network of whoever asked, also where
-- that was not the owner. `detail`: a value of the kind of event, never a secret. `reason`: what whoever did it gave as one.
-- Rows are only added, and removed when they are old.

CREATE TABLE audit_events (
    id         INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    at         BIGINT NOT NULL,
    kind       TEXT NOT NULL,
    outcome    TEXT NOT NULL DEFAULT 'done',
    actor      TEXT NOT NULL,
    actor_id   BIGINT,
    actor_name TEXT NOT NULL DEFAULT '',
    account_id BIGINT,
    target     TEXT NOT NULL DEFAULT '',
    factors    TEXT NOT NULL DEFAULT '',
    device     TEXT NOT NULL DEFAULT '',
    address    TEXT NOT NULL DEFAULT '',
    origin     TEXT NOT NULL DEFAULT '',
    detail     TEXT NOT NULL DEFAULT '',
    reason     TEXT NOT NULL DEFAULT ''
);

INSERT INTO audit_events (id, at, kind, outcome, actor, actor_id, actor_name, account_id, factors, device, address, origin, detail)
SELECT id, at, kind, CASE WHEN kind IN ('second_step_refused', 'proof_refused', 'passkey_refused') THEN 'refused' ELSE 'done' END,
       actor, CASE WHEN actor = 'owner' THEN account_id END, actor_name, account_id, factors, device, address, address, detail
FROM security_events ORDER BY id;

DROP TABLE security_events;

CREATE INDEX audit_events_account ON audit_events (account_id, id);
CREATE INDEX audit_events_at ON audit_events (at);
CREATE INDEX audit_events_actor ON audit_events (actor, actor_id, id);

-- When an account was deleted, until its rows go.

ALTER TABLE accounts ADD COLUMN deleted_at BIGINT;
CREATE INDEX accounts_deleted ON accounts (deleted_at) WHERE deleted_at IS NOT NULL;

-- What an operator finds accounts by, beside address and username: the display name, or first and last name, and the last
-- name, in small letters. Null until the server has filled it in, which it does after its start, a part at a time.

ALTER TABLE accounts ADD COLUMN name_key TEXT;
ALTER TABLE accounts ADD COLUMN lastname_key TEXT;

CREATE INDEX accounts_name ON accounts (name_key, id);
CREATE INDEX accounts_lastname ON accounts (lastname_key, id);
CREATE INDEX accounts_unnamed ON accounts (id) WHERE name_key IS NULL;

-- Administrators are few: the last one is not taken away.

CREATE INDEX accounts_administrators ON accounts (id) WHERE role_id = 3;
