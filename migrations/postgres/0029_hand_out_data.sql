-- What the owners of accounts asked to take with them: a ZIP file that is made in the background and kept for some days. An account has one at
-- most; whoever asks again replaces it. `locale`: the language of who asked. `due_at`: when it is to be made, or the end of a worker's lease; null
-- once it is made or given up. `attempts`: how often a worker has taken it. `file`: the name of the file in the folder `exports`, drawn anew each
-- time that a worker takes it; null before. `ready_at`: when it was made. `failed_at`: when it was given up.

CREATE TABLE data_exports (
    account_id BIGINT PRIMARY KEY NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    locale     TEXT,
    asked_at   BIGINT NOT NULL,
    due_at     BIGINT,
    attempts   BIGINT NOT NULL DEFAULT 0,
    file       TEXT,
    ready_at   BIGINT,
    failed_at  BIGINT
);

CREATE INDEX data_exports_due ON data_exports (due_at) WHERE due_at IS NOT NULL;
CREATE UNIQUE INDEX data_exports_file ON data_exports (file) WHERE file IS NOT NULL;
