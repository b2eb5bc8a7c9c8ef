"""What starts a node without containers: units of systemd, and what PM2 is given."""
