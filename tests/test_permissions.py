"""One table: which page, which person of the starter cast, may enter or not (domain section 3, P7)."""

from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import select

from shared.domain.organisations import Customer, Partner
from shared.domain.refusals import Code
from shared.domain.services import Service
from shared.domain.subscriptions import Subscription
from shared.domain.users import User
from shared.extensions import db
from shared.web import guards
from shared.world.rooms import Room
from tests.builders import accepts
from tests.conftest import the
from tests.test_isolation import refusals, token, works_on_behalf
from tests.visitor import Page, Visitor

AGENTS = {"Lin Chen", "Sara Blom", "Hugo Park", "Gao Rui", "Jonas Falk", "Hanna Ott", "Ren Tao", "Wilma Kern"}
PARTNERS_PEOPLE = AGENTS | {"Bea Novak", "Uma Iyer"}
GLOBAL_ADMINS = {"Mei Zhou", "Pavel Hron", "Dana Weiss", "Cai Yun"}
CUSTOMERS_PEOPLE = GLOBAL_ADMINS | {"Bo Lindt", "Ulla Maas", "Hal Brandt", "Nora Quist", "Pia Lund"}
STAFF_ADMINS = {"Gao Rui", "Uma Iyer"}
USER_ADMINS = GLOBAL_ADMINS | {"Ulla Maas"}
VIEWERS = GLOBAL_ADMINS | {"Bo Lindt"}

# Whoever is not named is refused. A partner's own people may sign in at the admin center and enter nothing there.
MAY_ENTER: dict[str, set[str]] = {
    "partner_portal.home": PARTNERS_PEOPLE,
    "partner_portal.customers": AGENTS,
    "partner_portal.customers_csv": AGENTS,
    "partner_portal.customer": AGENTS,
    "partner_portal.customer_add": AGENTS - {"Hugo Park"},
    "partner_portal.customer_added": AGENTS - {"Hugo Park"},
    "partner_portal.customer_abilities": AGENTS,
    "partner_portal.customer_account": AGENTS,
    "partner_portal.customer_services": AGENTS,
    "partner_portal.customer_administer": AGENTS - {"Sara Blom", "Gao Rui"},
    "admin_center.leave": CUSTOMERS_PEOPLE,
    "partner_portal.customer_account_contact": AGENTS,
    "partner_portal.customer_account_billing": AGENTS - {"Hugo Park"},
    "partner_portal.customer_account_remove": {"Gao Rui", "Ren Tao"},  # who reads that his provider ends it
    "partner_portal.resellers": AGENTS,
    "partner_portal.resellers_customers": set(),  # Willow is nobody's reseller
    "partner_portal.customer_subscriptions": AGENTS,
    "partner_portal.customer_subscriptions_add": AGENTS - {"Hugo Park"},
    "partner_portal.customer_subscription": AGENTS,
    "partner_portal.customer_subscription_change": AGENTS - {"Hugo Park"},
    "partner_portal.customer_subscription_add_on": AGENTS - {"Hugo Park"},
    "partner_portal.customer_subscription_suspend": AGENTS - {"Hugo Park"},
    "partner_portal.customer_subscription_reactivate": AGENTS - {"Hugo Park"},
    "partner_portal.customer_subscription_cancel": AGENTS - {"Hugo Park"},
    "partner_portal.customer_subscription_upgrade": AGENTS - {"Hugo Park"},
    "partner_portal.pricing": {"Lin Chen", "Gao Rui", "Bea Novak", "Jonas Falk", "Hanna Ott", "Ren Tao", "Wilma Kern"},
    "partner_portal.reseller_request": AGENTS - {"Hugo Park"},
    "partner_portal.activity": AGENTS,
    "partner_portal.password": PARTNERS_PEOPLE,
    "partner_portal.users": STAFF_ADMINS,
    "partner_portal.user_add": STAFF_ADMINS,
    "partner_portal.user": STAFF_ADMINS,
    "partner_portal.user_password": STAFF_ADMINS,
    "partner_portal.user_remove": STAFF_ADMINS,
    "admin_center.home": CUSTOMERS_PEOPLE,
    "admin_center.password": PARTNERS_PEOPLE | CUSTOMERS_PEOPLE,
    "admin_center.users": USER_ADMINS | {"Hal Brandt"},
    "admin_center.user_add": USER_ADMINS,
    "admin_center.user": {"Mei Zhou", "Ulla Maas", "Hal Brandt"},  # Nora's page, which is of Blue Kiln
    "admin_center.user_password": {"Mei Zhou", "Ulla Maas", "Hal Brandt"},
    "admin_center.user_remove": {"Mei Zhou", "Ulla Maas"},
    "admin_center.licences": VIEWERS | {"Ulla Maas"},
    "admin_center.licences_of": {"Mei Zhou", "Bo Lindt", "Ulla Maas"},
    "admin_center.licence_assign": {"Mei Zhou", "Ulla Maas"},
    "admin_center.licence_take_back": {"Mei Zhou", "Ulla Maas"},
    "admin_center.activity": VIEWERS,
    "admin_center.invitation": GLOBAL_ADMINS,
    "admin_center.later_invitation": GLOBAL_ADMINS,
    "admin_center.accept": GLOBAL_ADMINS,
    "admin_center.partner_relationships": VIEWERS,
    "admin_center.partner_relationship": VIEWERS,
    "admin_center.partner_relationship_remove": GLOBAL_ADMINS,
    "admin_center.partner_relationship_delete": GLOBAL_ADMINS,
    "admin_center.partner_relationships_remove_all": GLOBAL_ADMINS,
}

# On behalf of the customer, whose delegated admin makes a Global admin of Lin and a Helpdesk admin of Hugo (R36).
BOTH = {"Lin Chen", "Hugo Park"}
MAY_ENTER_ON_BEHALF: dict[str, set[str]] = {
    "admin_center.home": BOTH,
    "admin_center.leave": BOTH,
    "admin_center.password": BOTH,
    "admin_center.users": BOTH,
    "admin_center.user_add": {"Lin Chen"},
    "admin_center.user": BOTH,
    "admin_center.user_password": BOTH,
    "admin_center.user_remove": {"Lin Chen"},
    "admin_center.licences": {"Lin Chen"},
    "admin_center.licences_of": {"Lin Chen"},
    "admin_center.licence_assign": {"Lin Chen"},
    "admin_center.licence_take_back": {"Lin Chen"},
    "admin_center.activity": {"Lin Chen"},
    "admin_center.invitation": set(),
    "admin_center.later_invitation": set(),
    "admin_center.accept": set(),
    "admin_center.partner_relationships": {"Lin Chen"},
    "admin_center.partner_relationship": {"Lin Chen"},
    "admin_center.partner_relationship_remove": set(),
    "admin_center.partner_relationship_delete": set(),
    "admin_center.partner_relationships_remove_all": set(),
}


def guarded(app: Flask) -> set[str]:
    """Every route that asks who is there."""
    return {name for name, view in app.view_functions.items() if (guard := guards.of(view)) and guard.signed_in}


def addresses(app: Flask, room: Room, lotus: Partner, willow: Partner, side: str = "admin") -> dict[str, str]:
    """Where each guarded page is, those of the admin center on this side.

    Willow administers for every customer, so that its row can be deleted.
    """
    query = {"id": lotus.microsoft_id, "type": "ResellerRelationship", "csp": "1", "msppid": "0"}
    later = {"partnerId": lotus.microsoft_id, "invType": "ResellerRelationship", "msppId": "0", "DAP": "true"}
    more = {"admin_center.invitation": query, "admin_center.accept": query, "admin_center.later_invitation": later}
    book = app.url_map.bind("localhost")
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint in MAY_ENTER]
    ids = {"side": side, "microsoft_id": willow.microsoft_id, "customer": the(Customer, "Blue Kiln").microsoft_id}
    bought = db.session.scalars(select(Subscription).join(Subscription.customer).where(Customer.name == "Blue Kiln"))
    licence = {"microsoft_id": bought.one().microsoft_id}
    ids["subscription"] = licence["microsoft_id"]
    more |= {f"admin_center.{page}": licence for page in ("licences_of", "licence_assign", "licence_take_back")}
    people = {"partner_portal": the(User, "Sara Blom").id, "admin_center": the(User, "Nora Quist").id}
    return {
        rule.endpoint: book.build(
            rule.endpoint,
            {"room": room.key}
            | {k: v for k, v in ids.items() if k in rule.arguments}
            | ({"person": people[rule.endpoint.partition(".")[0]]} if "person" in rule.arguments else {})
            | more.get(rule.endpoint, {}),
            method="POST" if rule.endpoint in posted_to(app) else "GET",
        )
        for rule in rules
    }


def posted_to(app: Flask) -> set[str]:
    """The routes that are no pages: one can only post to them."""
    return {rule.endpoint for rule in app.url_map.iter_rules() if "GET" not in (rule.methods or ())}


def enters(page: Page) -> bool:
    """Whether the visitor got in: a page, a form not filled in yet, or a no that is not the role's."""
    assert page.status in (200, 403, 404, 409, 422), (page.path, page.status)
    return page.status not in (403, 404) and not page.path.endswith("/sign-in")


def test_the_table_names_every_guarded_route_and_everybody(app: Flask, room: Room) -> None:
    assert set(MAY_ENTER) == guarded(app)
    assert set(MAY_ENTER_ON_BEHALF) == {endpoint for endpoint in MAY_ENTER if endpoint.startswith("admin_center.")}
    cast = {user.name for user in db.session.scalars(select(User))}
    assert cast == PARTNERS_PEOPLE | CUSTOMERS_PEOPLE


@pytest.mark.rule("R10", "R24", "R49", "R53", "P7")
@pytest.mark.parametrize("side", ["partner", "admin"])
def test_each_person_enters_exactly_the_pages_of_their_role(
    app: Flask, room: Room, lotus: Partner, willow: Partner, side: str
) -> None:
    for customer in db.session.scalars(select(Customer)).all():
        admin = db.session.scalars(select(User).where(User.customer_id == customer.id, User.name.in_(GLOBAL_ADMINS)))
        accepts(admin.one(), willow, Service.SKYPE)
    for partner in db.session.scalars(select(Partner)).all():
        accepts(the(User, "Mei Zhou"), partner, Service.SKYPE)
    places = addresses(app, room, lotus, willow)
    wrong: list[Any] = []
    ids = {user.name: user.id for user in db.session.scalars(select(User))}
    db.session.commit()
    for name in sorted(PARTNERS_PEOPLE if side == "partner" else PARTNERS_PEOPLE | CUSTOMERS_PEOPLE):
        visitor, door = Visitor(app, room.key), f"/w/{room.key}/{side}/sign-in"
        form = {"csrf_token": token(visitor.open(door))}
        visitor.client.post(door, data=form | {"person_id": str(ids[name])})
        for endpoint, place in places.items():
            if place.startswith(f"/w/{room.key}/{side}/"):
                page = visitor.send(place, form) if endpoint in posted_to(app) else visitor.open(place)
                if enters(page) != (name in MAY_ENTER[endpoint]):
                    wrong.append((name, endpoint, page.status))
                # A stranger to this tenant or partner is told nothing, not even that there is such a page.
                if not enters(page) and page.refusal is None and page.status != 404:
                    wrong.append((name, endpoint, "gives no reason"))
    assert wrong == []


@pytest.mark.rule("R24", "R36", "R53", "P3", "P7")
def test_on_behalf_each_agent_enters_exactly_the_pages_delegated_admin_opens(
    app: Flask, visit: Any, room: Room, lotus: Partner, willow: Partner, kiln: Customer, mei: User
) -> None:
    accepts(mei, lotus)
    accepts(mei, willow, Service.SKYPE)
    places, wrong = addresses(app, room, lotus, willow, side="behalf"), []
    for name in sorted(BOTH):
        visitor = visit(name)
        for endpoint, may in MAY_ENTER_ON_BEHALF.items():
            form = {"csrf_token": token(works_on_behalf(visitor, kiln))}
            place = places[endpoint]
            page = visitor.send(place, form) if endpoint in posted_to(app) else visitor.open(place)
            if enters(page) != (name in may):
                wrong.append((name, endpoint, page.status, page.refusal))
            if not enters(page) and page.refusal is None:
                wrong.append((name, endpoint, "gives no reason"))
    assert wrong == []


@pytest.mark.rule("P7")
def test_whoever_is_signed_in_nowhere_is_led_to_the_door_of_every_page(
    app: Flask, room: Room, lotus: Partner, willow: Partner, stranger: Visitor
) -> None:
    for endpoint, place in addresses(app, room, lotus, willow).items():
        side = "partner" if endpoint.startswith("partner") else "admin"
        if endpoint in posted_to(app):
            page = stranger.send(place, {"csrf_token": token(stranger.open(f"/w/{room.key}/{side}/sign-in"))})
        else:
            page = stranger.open(place)
        assert (page.status, page.path) == (200, f"/w/{room.key}/{side}/sign-in"), endpoint
    for endpoint, place in addresses(app, room, lotus, willow, side="behalf").items():
        if endpoint.startswith("admin_center."):
            page = stranger.send(place, {}) if endpoint in posted_to(app) else stranger.open(place)
            said = (page.status, page.path, page.heading)
            assert said == (403, urlsplit(place).path, "Working on behalf of a customer has ended"), endpoint


@pytest.mark.rule("P7", "R24", "R25", "R49", "R53")
def test_posting_what_the_role_may_not_is_refused_once_and_changes_nothing(
    visit: Any, room: Room, lotus: Partner, kiln: Customer
) -> None:
    accepts(the(User, "Mei Zhou"), lotus)
    here = "/settings/partner-relationships"
    bo = visit("Bo Lindt")
    form = {"csrf_token": token(bo.portal()), "services": "exchange", "agreed": "y"}
    for number, path in enumerate((f"{here}/{lotus.microsoft_id}/remove", f"{here}/remove-all"), start=1):
        page = bo.send(f"{bo.room}/admin{path}", form)
        assert (page.status, page.refusal) == (403, "ROLE")
        assert refusals() == [Code.ROLE] * number
    assert bo.portal(here).rows()[0][:3] == [
        "Lotus Cloud",
        "Reseller & delegated administrator",
        "Yes Exchange Online, SharePoint Online, Skype for Business Online",
    ]
