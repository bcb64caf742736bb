-- One row of everything, as version 4 wrote it. BLOB(n) stands for 32 bytes of the value n.
INSERT INTO accounts (email, email_key, username, username_key, username_skeleton, name, firstname, lastname, locale, role_id, fields, picture, password_hash, password_changed_at, verified_at, locked_at, created_at, updated_at)
VALUES ('Ada@example.org', 'ada@example.org', 'ada', 'ada', 'ada', 'Ada', 'Augusta', 'King', 'fr', 2, '{"city":"London"}', 'aa.png', '$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$AAAAAAAAAAAAAAAAAAAAAA', 1700000000000, 1700000000001, NULL, 1690000000000, 1700000000002);
INSERT INTO sessions (account_id, token, device, address, created_at, seen_at) VALUES (1, BLOB(1), 'Firefox · Linux', '127.0.0.1', 1700000000003, 1700000000004);
INSERT INTO devices (account_id, token, created_at, seen_at) VALUES (1, BLOB(2), 1700000000005, 1700000000006);
INSERT INTO tickets (account_id, purpose, token, created_at, expires_at, used_at) VALUES (1, 'recovery', BLOB(3), 1700000000007, 1700003600007, NULL);
INSERT INTO api_keys (name, token, scopes, max_role, created_at, expires_at, used_at, revoked_at) VALUES ('shop', BLOB(4), 'accounts', 2, 1700000000008, NULL, NULL, NULL);
INSERT INTO bearers (account_id, audience, token, device, paired_at, created_at, seen_at, idle_ms, expires_at) VALUES (1, 'mirror', BLOB(5), 'Hall', 1700000000009, 1700000000009, 1700000000009, 1000, 1800000000000);
INSERT INTO user_secrets (account_id, secret, created_at) VALUES (1, BLOB(6), 1700000000010);
INSERT INTO pairings (name, token, code, bearer_id, created_at, expires_at, delivered_at) VALUES ('Hall', BLOB(7), NULL, 1, 1700000000011, 1700000600011, 1700000000012);
INSERT INTO outbox (kind, account_id, recipient, locale, attempts, created_at, due_at, leased_until, failed_at, failure) VALUES ('recovery', 1, 'Ada@example.org', 'fr', 2, 1700000000013, 1700000000014, NULL, NULL, '');
