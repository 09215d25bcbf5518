"""Opt-in measurements and the scripts that learn what the rules ship."""
