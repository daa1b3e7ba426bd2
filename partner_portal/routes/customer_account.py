"""Customers > a customer > Account."""

from flask import redirect, url_for
from werkzeug.wrappers import Response

from shared.domain.permissions import Permission
from shared.web.guards import requires

from ..blueprint import partner_portal
from ..customer import customer_page, first_tab, our_customer


@partner_portal.get("/customers/<customer>")
@requires(Permission.VIEW_CUSTOMERS)
def customer(customer: str) -> Response:
    """Where a customer's name leads: to the first of its pages."""
    return redirect(url_for(first_tab(), customer=our_customer(customer).microsoft_id))


@partner_portal.get("/customers/<customer>/account")
@requires(Permission.VIEW_CUSTOMERS)
def customer_account(customer: str) -> str:
    """Who the customer is."""
    return customer_page("partner_portal/customer_account.html", our_customer(customer))
