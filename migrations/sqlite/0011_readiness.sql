-- One row that is written to see whether anything can be.
CREATE TABLE readiness (
    id INTEGER PRIMARY KEY NOT NULL,
    writes INTEGER NOT NULL
);
INSERT INTO readiness (id, writes) VALUES (1, 0);
