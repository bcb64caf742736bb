-- What people note down in their account.
CREATE TABLE notes (
    id         INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    account_id BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    text       TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE INDEX notes_account ON notes (account_id);
