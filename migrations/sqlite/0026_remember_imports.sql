-- Which account was made of which one of another product, so that a file that is imported twice makes it once. `product`: as it was named;
-- `source_id`: the account's id there. `account_id`: null once the account was deleted, which a second import does not undo. `complete`: everything
-- that the file says of it was taken over; from then on the account is its owner's. `held`: it is locked until then, for no other reason.

CREATE TABLE imported_accounts (
    product    TEXT NOT NULL,
    source_id  TEXT NOT NULL,
    account_id BIGINT REFERENCES accounts (id) ON DELETE SET NULL,
    complete   BOOLEAN NOT NULL DEFAULT FALSE,
    held       BOOLEAN NOT NULL DEFAULT FALSE,
    PRIMARY KEY (product, source_id)
);

CREATE INDEX imported_accounts_account ON imported_accounts (account_id);
