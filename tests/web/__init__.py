"""The manners both portals share, seen from the browser."""
