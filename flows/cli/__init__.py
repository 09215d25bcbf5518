"""Commands: parse arguments, call a flow or a query, print."""
