"""The one picture of a cluster: where its boxes stand, how its lines run, and the SVG. The window paints the same."""
