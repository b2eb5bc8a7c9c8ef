"""The outcome of a run as a document, one file a format."""
