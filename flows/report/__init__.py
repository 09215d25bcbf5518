"""What the terminal shows: a run, a story, the way from a figure down to its bytes, and how things stand."""
