"""Opt-in measurements and the scripts that learn what the rules ship."""

import flows  # noqa: F401  # before Polars, whose allocator it sets up as a run has it
