"""The analyst's pages: what is published, in a browser. They read the publication and nothing else."""
