"""Where a rehearsal is set up and watched: welcome, lobby, mailboxes, the settings of a room."""

from .blueprint import classroom
from .routes import clock, components, lobby, mailbox, settings, welcome

__all__ = ["classroom", "clock", "components", "lobby", "mailbox", "settings", "welcome"]
