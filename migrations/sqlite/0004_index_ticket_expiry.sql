-- Each sign-in by redirection leaves a ticket: those that have expired must be found without reading all.

CREATE INDEX tickets_expires ON tickets (expires_at);
