"""Throw-away local servers: a whole small cluster to try the wizard on."""
