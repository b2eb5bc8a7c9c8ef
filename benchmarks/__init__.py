"""Speed, as ratios within one run: never a bare number of seconds that another machine could not repeat."""
