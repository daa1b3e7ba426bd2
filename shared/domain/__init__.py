"""The rules of the field. Knows no web request and no language, and never commits."""
