"""One file per page or feature."""
