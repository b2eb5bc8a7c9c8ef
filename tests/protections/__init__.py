"""Protections, how each is removed, and which test then fails: a protection whose removal nobody notices is none."""
