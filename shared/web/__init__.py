"""The web manners both portals share: doors, sessions, language, words for what the domain says."""
