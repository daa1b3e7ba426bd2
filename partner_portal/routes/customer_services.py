"""Customers > a customer > Service management: what is held, and the way into the customer's admin center (R36)."""

from flask import abort, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from shared.domain import on_behalf, privileges
from shared.domain.history import EventKind
from shared.domain.permissions import Permission
from shared.domain.services import Service
from shared.extensions import db
from shared.web import sessions
from shared.web.guards import requires
from shared.web.on_behalf import said

from ..blueprint import partner_portal
from ..customer import customer_page, our_customer, our_tie


@partner_portal.get("/customers/<customer>/services")
@requires(Permission.VIEW_CUSTOMERS)
def customer_services(customer: str) -> str:
    """Each service: held or not, since when or why not, and the button that opens it."""
    tie = our_tie(customer)
    found = tie.customer
    spans = privileges.of_pair(current_user.partner, found)
    held = frozenset(service for service, span in spans.items() if span.in_force)
    return customer_page(
        "partner_portal/customer_services.html",
        found,
        held=held,
        services=[
            (service, spans.get(service), on_behalf.why_not_enter(current_user, found, service, held, tie))
            for service in Service
        ],
    )


@partner_portal.post("/customers/<customer>/services/administer")
@requires(Permission.ADMINISTER_ON_BEHALF, trying=EventKind.WORK_ON_BEHALF)
def customer_administer(customer: str) -> Response:
    """Into the customer's admin center, with a session of its own there that knows on whose behalf."""
    found, wanted = our_customer(customer), request.form.get("service", "")
    service = next((service for service in Service if service == wanted), None)
    if wanted and service is None:
        abort(404)
    on_behalf.enter(found, service, by=current_user)
    db.session.commit()
    response = redirect(url_for("admin_center.home", side="behalf"))
    sessions.sign_in_at(response, "behalf", current_user, **said(found))
    return response
