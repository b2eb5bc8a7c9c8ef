"""The database: one server behind all nodes, looked at as NocoBase will use it."""
