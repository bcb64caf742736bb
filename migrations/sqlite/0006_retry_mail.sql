-- When an operator last asked for a message to be tried again: it is then tried for as long as one just written.

ALTER TABLE outbox ADD COLUMN retried_at BIGINT;
