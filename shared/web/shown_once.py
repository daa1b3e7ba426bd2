"""A temporary password on its way from where it was made to the one page that shows it (P4).

RULING: it waits in the session cookie of the browser it was made in (closed to scripts, of this portal and room alone)
for the one request that follows, and leaves it as it is shown. It stands in no address, log or table, and whoever opens
the page again, or comes back to it, makes no second one.
"""

from flask import session
from flask_login import current_user

from ..domain.passwords import Hashed
from ..domain.users import User

KEY = "once"


def keep(user: User, temporary: Hashed, *, new: bool = False) -> None:
    """For the next page, if whoever is here now opens it; `new` is somebody who was just added."""
    session[KEY] = [current_user.get_id(), user.get_id(), temporary.text, new]


def take(user: User) -> tuple[str, bool]:
    """What this person's temporary password is, and whether they are new; empty when it was shown or replaced."""
    by, whose, text, new = session.get(KEY) or ["", "", "", False]
    if (by, whose) != (current_user.get_id(), user.get_id()):
        return "", False
    session.pop(KEY)
    return text, new
