"""The one door to DuckDB: the run's own ledger, loading, checks, publishing, reading."""
