"""Where a rehearsal is set up and watched: welcome, lobby, mailboxes, the settings of a room."""

from .blueprint import classroom
from .routes import lobby, mailbox, settings, welcome

__all__ = ["classroom", "lobby", "mailbox", "settings", "welcome"]
