"""Plan to bundle: what is written, and the merge with what is there."""
