"""The customer list: both ties of every customer, and the way to restore what was lost."""

from typing import Any

from flask import Response, render_template, request
from flask_login import current_user

from shared.domain import capabilities, customer_choice, invitations, new_customers
from shared.domain.customer_choice import Choice
from shared.domain.permissions import Permission
from shared.domain.relationships import Administered
from shared.domain.search import fold
from shared.domain.services import Service
from shared.web.forms import LONGEST_SEARCH
from shared.web.guards import requires
from shared.web.keysets import after_key

from .. import customer_export
from ..blueprint import partner_portal
from ..customer import badges

STATES = {state.value: state for state in Administered}
NEWEST = "newest"


@partner_portal.get("/customers")
@requires(Permission.VIEW_CUSTOMERS)
def customers() -> str:
    """By name or newest first, all or of one state; or found by how a word of the name or domain begins."""
    user = current_user._get_current_object()  # asked often: the proxy looks for it each time
    partner, choice, after = user.partner, _choice(), after_key()
    return render_template(
        "partner_portal/customers.html",
        partner=partner,
        page=customer_choice.chosen(partner, choice, after=after),
        choice=choice,
        asked=_asked,
        states=Administered,
        further=bool(after),
        services=tuple(Service),
        badges=badges,
        sells=capabilities.why_not_sell(partner, None) is None,
        refusal=invitations.why_not_invite(user),
        adding=new_customers.why_not_start(user),
    )


@partner_portal.get("/customers.csv")
@requires(Permission.VIEW_CUSTOMERS)
def customers_csv() -> Response:
    """What the list shows, every page of it, as a file to take along."""
    partner = current_user.partner
    file = customer_export.written(partner, _choice())
    named = {"Content-Disposition": customer_export.to_keep_as(partner)}
    answer = Response(customer_export.pieces(file), mimetype="text/csv", headers=named)
    answer.call_on_close(file.close)  # also when nobody read it
    return answer


def _choice() -> Choice:
    asked = request.args.to_dict()
    wanted = fold(asked.get("q", ""))[:LONGEST_SEARCH]
    return Choice(wanted, STATES.get(asked.get("show", "")), asked.get("sort") == NEWEST)


def _asked(choice: Choice, **others: Any) -> dict[str, str]:
    """How an address asks for this choice, or for one that differs in `others`; what nobody chose is left out."""
    other = choice._replace(**others)
    asked = {"q": other.wanted, "show": other.administered and other.administered.value}
    return {key: word for key, word in (asked | {"sort": NEWEST if other.newest else ""}).items() if word}
