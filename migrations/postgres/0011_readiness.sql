-- One row that is written to see whether anything can be.
CREATE TABLE readiness (
    id BIGINT PRIMARY KEY,
    writes BIGINT NOT NULL
);
INSERT INTO readiness (id, writes) VALUES (1, 0);
