"""Other extractors beside ours: `make bench-peers`."""
