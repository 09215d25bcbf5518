"""The doors in: sources -> raw documents in the archive, before anything is parsed."""
