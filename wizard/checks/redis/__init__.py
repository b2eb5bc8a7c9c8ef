"""Redis: each role's server, account and database, and what the role does there."""
