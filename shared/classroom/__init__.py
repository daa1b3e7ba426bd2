"""Where a rehearsal is set up and watched: welcome, lobby, mailboxes, the settings of a room."""

from .blueprint import classroom
from .routes import components, lobby, mailbox, settings, welcome

__all__ = ["classroom", "components", "lobby", "mailbox", "settings", "welcome"]
