-- One row that is written to see whether anything can be. On SQLite the generation is new with each start of the server:
-- it tells which log belongs to the file.
CREATE TABLE readiness (
    id BIGINT PRIMARY KEY,
    writes BIGINT NOT NULL,
    generation BIGINT NOT NULL
);
INSERT INTO readiness (id, writes, generation) VALUES (1, 0, 0);
