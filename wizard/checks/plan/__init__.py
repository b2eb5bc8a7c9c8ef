"""The plan by itself: rules that need no network, and the files of an exported bundle."""
