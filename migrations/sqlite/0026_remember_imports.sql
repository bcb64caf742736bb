-- Which account was made of which one of another product, so that a file that is imported twice makes it once. `product`: as it was named;
-- `source_id`: the account's id there. `account_id`: null once the account was deleted, which a second import does not undo. `complete`: everything
-- that the file says of it was taken over; from then on the account is its owner's. `run`: when the
-- import began that last read it, in milliseconds since 1970.

CREATE TABLE imported_accounts (
    product    TEXT NOT NULL,
    source_id  TEXT NOT NULL,
    account_id BIGINT REFERENCES accounts (id) ON DELETE SET NULL,
    complete   BOOLEAN NOT NULL DEFAULT FALSE,
    run        BIGINT NOT NULL,
    PRIMARY KEY (product, source_id)
);

CREATE INDEX imported_accounts_account ON imported_accounts (account_id);
CREATE INDEX imported_accounts_incomplete ON imported_accounts (product, run) WHERE NOT complete;
