"""Partner Center's own front door: in and out."""

from typing import Any

from shared.domain.history import EventKind
from shared.web import sign_in as steps
from shared.web.guards import open_for, open_to_everyone

from ..blueprint import partner_portal


@partner_portal.route("/sign-in", methods=["GET", "POST"])
@open_for(EventKind.SIGN_IN)
def sign_in() -> Any:
    """Pick one of the partners' accounts."""
    return steps.door("partner")


@partner_portal.post("/sign-out")
@open_to_everyone
def sign_out() -> Any:
    """Leave Partner Center; the admin center is not touched."""
    return steps.out("partner")
