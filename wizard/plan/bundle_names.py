"""Files of a bundle by their names, which export writes, sources read and storage keeps."""

MANIFEST, README = "manifest.json", "README.md"
SEALED = "secrets.env.age"
"""The secrets filled in, encrypted with a passphrase in the age format."""
ACCEPTED = "accepted.yaml"
"""What is accepted of a source that is no cluster file. No export puts it there, and each leaves it there."""
