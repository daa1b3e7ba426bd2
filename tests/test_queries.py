"""Each page costs the same number of SQL statements however much there is to show."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import Context
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.engine import Dialect, Engine

from shared.domain import invitations, revocation, upgrades
from shared.domain.invitations import Invitation
from shared.domain.licences import Licence
from shared.domain.offers import OFFERS
from shared.domain.organisations import Customer, Partner, PartnerKind
from shared.domain.services import Service
from shared.domain.subscriptions import Subscription
from shared.domain.users import User
from shared.extensions import db
from shared.world import rooms
from shared.world.clock import now
from shared.world.mailbox import Letter
from shared.world.questions import Prepared, Statement
from shared.world.rooms import Room
from tests.builders import accepts, buys, customers_of, global_admin
from tests.conftest import furnished_room, the
from tests.databases import Snapshot
from tests.test_isolation import works_on_behalf
from tests.visitor import Visitor

MANY = 30  # more than one page holds
MOST = 10  # statements any page may cost, its transaction and its room included


@contextmanager
def statements() -> Iterator[list[str]]:
    """Every SQL statement sent meanwhile, by SQLAlchemy or told the driver itself."""
    sent: list[str] = []
    understood = Statement.understood_by

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent.append(statement)

    def told_the_driver(statement: Statement, dialect: Dialect) -> Prepared:
        sent.append((prepared := understood(statement, dialect)).text)
        return prepared

    event.listen(Engine, "before_cursor_execute", note)
    try:
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(Statement, "understood_by", told_the_driver)
            yield sent
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def crowd(number: int) -> None:
    """So many customers, partners, resellers, letters, losses and events in the room we are in."""
    lotus, harbor, mei = the(Partner, "Lotus Cloud"), the(Partner, "Harbor Distribution"), the(User, "Mei Zhou")
    lin, hanna = the(User, "Lin Chen"), the(User, "Hanna Ott")
    for count in range(number):
        facts = {"address": "x", "phone": "x", "email": f"x@a{count}.example", "mpn_id": "1"}
        advisor = Partner(name=f"Advisor {count:02}", kind=PartnerKind.ADVISOR, domain=f"a{count}.example", **facts)
        reseller = Partner(
            name=f"Reseller {count:02}",
            kind=PartnerKind.INDIRECT_RESELLER,
            domain=f"r{count}.example",
            provider_id=harbor.id,
            **facts,
        )
        db.session.add_all([advisor, reseller])
        db.session.flush()
        accepts(mei, advisor, Service.SKYPE)
        for organisation in (lotus, mei.customer):
            where = {"partner": organisation} if organisation is lotus else {"customer": organisation}
            person = User(name=f"Person {count:02}", email=f"p{count}@{organisation.domain}", **where)
            db.session.add(person)
        db.session.add(bought := Subscription(customer=mei.customer, seller=lotus, offer_key="e3", seats=1))
        db.session.flush()
        db.session.add(Licence(user_id=person.id, subscription_id=bought.id))
        theirs = select(Subscription).where(Subscription.customer_id == mei.customer_id).order_by(Subscription.id)
        db.session.add(Licence(user_id=person.id, subscription_id=db.session.scalars(theirs).first().id))
        for sender in (lin, hanna):
            whole = {"language": "en", "paragraphs": ["x"]}
            invitations.send(Invitation(sender.partner), to=mei, by=sender, **whole)  # type: ignore[arg-type]
    *administered, left_alone = customers_of(lotus, number + 1)
    for customer in administered:
        if customer.name != "Customer 0001":  # whose relationship may end
            db.session.add_all(
                Subscription(customer=customer, seller=lotus, offer_key="business_essentials", seats=1)
                for _ in range(number)
            )
            db.session.add(Subscription(customer=customer, seller=lotus, offer_key="e1", seats=1, suspended_at=now()))
        if customer.name == "Customer 0000":
            upgrades.upgrade(buys(customer, "business", lotus), OFFERS["proplus"], 5, by=lin)
        revocation.revoke(lotus, [Service.EXCHANGE], by=global_admin(customer))
    left_alone.name = NO_DAP
    revocation.revoke(lotus, list(Service), by=global_admin(left_alone))
    buys(left_alone, "business_essentials", lotus)
    db.session.commit()


@dataclass
class Place:
    """Who opens a page, and where it is below the room (or, with a leading "/", below the site)."""

    who: str
    where: str | Callable[[], str]

    def address(self, room: Room) -> str:
        """The address in this room."""
        where = self.where if isinstance(self.where, str) else self.where()
        return where if where.startswith("/") else f"/w/{room.key}/{where}"


def invitation(path: str, **query: str) -> Callable[[], str]:
    """An address that carries Lotus's Microsoft ID."""
    return lambda: (
        f"{path}?" + "&".join(f"{k}={v or the(Partner, 'Lotus Cloud').microsoft_id}" for k, v in query.items())
    )


def advisor(act: str = "") -> Callable[[], str]:
    """An address below one of Mei's partners."""
    path = "admin/settings/partner-relationships"
    return lambda: f"{path}/{the(Partner, 'Advisor 00').microsoft_id}{act}"


def mailbox_of(name: str) -> Callable[[], str]:
    """Somebody's mailbox."""
    return lambda: f"mail/{the(User, name).id}/"


def unread_letter() -> str:
    """The newest letter of Lin's."""
    lin = the(User, "Lin Chen")
    letters = select(Letter.id).where(Letter.to_id == lin.id, Letter.read_at.is_(None)).order_by(Letter.id.desc())
    return f"mail/{lin.id}/{db.session.scalars(letters).first()}"


def customer(tab: str = "", name: str = "Customer 0000") -> Callable[[], str]:
    """A page of one of Lotus's customers."""
    name = "Customer 0001" if tab.endswith("remove") else name
    return lambda: f"partner/customers/{the(Customer, name).microsoft_id}{tab}"


def person_at(path: str, name: str, act: str = "") -> Callable[[], str]:
    """An address that carries somebody's id."""
    return lambda: f"{path}/{the(User, name).id}{act}"


def bought_first() -> str:
    """What Blue Kiln has had from the beginning."""
    first = select(Subscription.microsoft_id).join(Subscription.customer).where(Customer.name == "Blue Kiln")
    return f"admin/billing/licences/{db.session.scalars(first.order_by(Subscription.id)).first()}"


STAFF = "partner/account-settings/users"
NO_DAP = "Left Alone"
ON_BEHALF = "Lin Chen, on behalf of Lotus's first customer"


def subscription(page: str = "", offer: str = "business_essentials", name: str = "Customer 0000") -> Callable[[], str]:
    """A page of something Lotus sold to that customer."""

    def of_the_first() -> str:
        bought = select(Subscription.microsoft_id).join(Subscription.customer)
        bought = bought.where(Customer.name == name, Subscription.offer_key == offer).order_by(Subscription.id)
        return f"{customer(name=name)()}/subscriptions/{db.session.scalars(bought).first()}{page}"

    return of_the_first


CLASSIC = {"type": "ResellerRelationship", "id": "", "csp": "1", "msppid": "0"}
LATER = {"invType": "ResellerRelationship", "partnerId": "", "msppId": "0", "DAP": "true"}
PARTNERS = "admin/settings/partner-relationships"
PLACES: dict[str, list[Place]] = {
    "static": [Place("Lin Chen", "/static/nothing.js")],
    "language": [Place("Lin Chen", "/language/en")],
    "theme": [Place("Lin Chen", "/theme/auto")],
    "classroom.welcome": [Place("Lin Chen", "/")],
    "classroom.components": [Place("Lin Chen", "/components")],
    "classroom.lobby": [Place("Lin Chen", "")],
    "classroom.settings": [Place("Lin Chen", "settings")],
    "classroom.clock": [Place("Lin Chen", "clock"), Place("Lin Chen", "clock?after=0")],
    "classroom.mailbox": [Place("Lin Chen", mailbox_of("Lin Chen")), Place("Mei Zhou", mailbox_of("Mei Zhou"))],
    "classroom.letter": [Place("Lin Chen", unread_letter)],
    "partner_portal.sign_in": [Place("Lin Chen", "partner/sign-in")],
    "partner_portal.home": [Place("Lin Chen", "partner/")],
    "partner_portal.customers": [
        Place("Lin Chen", "partner/customers"),
        Place("Lin Chen", "partner/customers?q=cust"),
        Place("Lin Chen", "partner/customers?show=partly&sort=newest"),
        Place("Lin Chen", "partner/customers?q=cust&show=partly"),
    ],
    "partner_portal.customers_csv": [
        Place("Lin Chen", "partner/customers.csv"),
        Place("Lin Chen", "partner/customers.csv?q=cust&show=partly"),
    ],
    "partner_portal.customer": [Place("Lin Chen", customer())],
    "partner_portal.customer_add": [Place("Lin Chen", "partner/customers/add?step=account&draft=x")],
    "partner_portal.customer_added": [Place("Lin Chen", customer("/added"))],
    "partner_portal.customer_abilities": [
        Place("Lin Chen", customer("/who-may-do-what")),
        Place("Lin Chen", customer("/who-may-do-what", NO_DAP)),
    ],
    "partner_portal.customer_services": [
        Place("Lin Chen", customer("/services")),
        Place("Lin Chen", customer("/services", NO_DAP)),
    ],
    "partner_portal.resellers": [Place("Hanna Ott", "partner/resellers")],
    "partner_portal.resellers_customers": [
        Place("Hanna Ott", lambda: f"partner/resellers/{the(Partner, 'Reed Services').microsoft_id}"),
    ],
    "partner_portal.customer_account": [Place("Lin Chen", customer("/account"))],
    "partner_portal.customer_account_contact": [Place("Lin Chen", customer("/account/contact"))],
    "partner_portal.customer_account_billing": [Place("Lin Chen", customer("/account/billing"))],
    "partner_portal.customer_subscriptions": [
        Place("Lin Chen", customer("/subscriptions")),
        Place("Lin Chen", customer("/subscriptions", NO_DAP)),
    ],
    "partner_portal.customer_subscriptions_add": [Place("Lin Chen", customer("/subscriptions/add"))],
    "partner_portal.customer_subscription": [
        Place("Lin Chen", subscription()),
        Place("Lin Chen", subscription(offer="e1")),
        Place("Lin Chen", subscription(offer="business")),
        Place("Lin Chen", subscription(name=NO_DAP)),
    ],
    "partner_portal.customer_subscription_add_on": [Place("Lin Chen", subscription("/add-on"))],
    "partner_portal.customer_subscription_suspend": [Place("Lin Chen", subscription("/suspend"))],
    "partner_portal.customer_subscription_reactivate": [Place("Lin Chen", subscription("/reactivate", "e1"))],
    "partner_portal.customer_subscription_cancel": [Place("Lin Chen", subscription("/cancel"))],
    "partner_portal.customer_subscription_upgrade": [
        Place("Lin Chen", subscription("/upgrade")),
        Place("Lin Chen", subscription("/upgrade", name=NO_DAP)),
    ],
    "partner_portal.pricing": [Place("Lin Chen", "partner/pricing-and-offers")],
    "partner_portal.customer_account_remove": [Place("Gao Rui", customer("/account/remove"))],
    "partner_portal.activity": [Place("Lin Chen", "partner/activity")],
    "partner_portal.reseller_request": [
        Place("Lin Chen", "partner/customers/request-a-reseller-relationship"),
        Place("Hanna Ott", "partner/customers/request-a-reseller-relationship"),
    ],
    "admin_center.sign_in": [Place("Mei Zhou", "admin/sign-in")],
    "admin_center.home": [Place("Mei Zhou", "admin/"), Place(ON_BEHALF, "behalf/")],
    "admin_center.activity": [Place("Mei Zhou", "admin/activity"), Place(ON_BEHALF, "behalf/activity")],
    "admin_center.invitation": [
        Place("Mei Zhou", invitation("admin/partner/partnersignup.aspx", **CLASSIC)),
        Place("Bo Lindt", invitation("admin/partner/partnersignup.aspx", **CLASSIC)),
    ],
    "admin_center.later_invitation": [Place("Mei Zhou", invitation("admin/Adminportal/Home", **LATER))],
    "admin_center.partner_relationships": [
        Place("Mei Zhou", PARTNERS),
        Place("Mei Zhou", f"{PARTNERS}?q=advisor&show=admins"),
        Place(ON_BEHALF, PARTNERS.replace("admin", "behalf")),
    ],
    "admin_center.partner_relationship": [Place("Mei Zhou", advisor())],
    "admin_center.partner_relationship_remove": [Place("Mei Zhou", advisor("/remove"))],
    "admin_center.partner_relationship_delete": [Place("Mei Zhou", advisor("/delete"))],
    "admin_center.partner_relationships_remove_all": [Place("Mei Zhou", f"{PARTNERS}/remove-all")],
    "partner_portal.password": [Place("Lin Chen", "partner/password")],
    "partner_portal.recovery": [Place("Lin Chen", "partner/sign-in/recovery")],
    "partner_portal.new_password": [Place("Lin Chen", "partner/sign-in/new-password")],
    "partner_portal.users": [Place("Gao Rui", STAFF), Place("Gao Rui", f"{STAFF}?q=person")],
    "partner_portal.user_add": [Place("Gao Rui", f"{STAFF}/new")],
    "partner_portal.user": [
        Place("Gao Rui", person_at(STAFF, "Sara Blom")),
        Place("Gao Rui", person_at(STAFF, "Gao Rui")),
    ],
    "partner_portal.user_password": [Place("Gao Rui", person_at(STAFF, "Sara Blom", "/password"))],
    "partner_portal.user_remove": [Place("Gao Rui", person_at(STAFF, "Sara Blom", "/remove"))],
    "admin_center.password": [Place("Mei Zhou", "admin/password")],
    "admin_center.recovery": [Place("Mei Zhou", "admin/sign-in/recovery")],
    "admin_center.new_password": [Place("Mei Zhou", "admin/sign-in/new-password")],
    "admin_center.users": [Place("Mei Zhou", "admin/users"), Place(ON_BEHALF, "behalf/users")],
    "admin_center.user_add": [Place("Mei Zhou", "admin/users/new"), Place(ON_BEHALF, "behalf/users/new")],
    "admin_center.user": [
        Place("Mei Zhou", person_at("admin/users", "Nora Quist")),
        Place("Mei Zhou", person_at("admin/users", "Mei Zhou")),
    ],
    "admin_center.user_password": [Place("Mei Zhou", person_at("admin/users", "Nora Quist", "/password"))],
    "admin_center.user_remove": [Place("Mei Zhou", person_at("admin/users", "Nora Quist", "/remove"))],
    "admin_center.licences": [
        Place("Mei Zhou", "admin/billing/licences"),
        Place(ON_BEHALF, "behalf/billing/licences"),
    ],
    "admin_center.licences_of": [Place("Mei Zhou", bought_first)],
}


def test_every_page_of_the_site_is_counted(app: Flask) -> None:
    pages = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert set(PLACES) == pages


def everybody(app: Flask, room: Room) -> dict[str, Visitor]:
    """Whoever opens a page of `PLACES`, by name."""
    names = ("Lin Chen", "Gao Rui", "Hanna Ott", "Mei Zhou", "Bo Lindt")
    visitors = {name: Visitor(app, room.key, the(User, name)) for name in names}
    visitors[ON_BEHALF] = Visitor(app, room.key, the(User, "Lin Chen"))
    works_on_behalf(visitors[ON_BEHALF], the(Customer, "Customer 0000"))
    return visitors


def costs(app: Flask, room: Room) -> dict[str, list[str]]:
    """The statements each page sends in this room, once everybody has come in and the page has been drawn before."""
    found = {}
    with rooms.inside(room):
        visitors = everybody(app, room)
        for endpoint, places in PLACES.items():
            for number, place in enumerate(places):
                warm_up = place.address(room)
                visitors[place.who].open(warm_up)
                address = place.address(room)
                db.session.commit()
                with statements() as sent:
                    status = Context().run(visitors[place.who].client.get, address, buffered=True).status_code
                assert status in (200, 302, 403, 404, 409), address
                found[f"{endpoint} {number}"] = list(sent)
    return found


@dataclass
class Counted:
    """The statements of each page in a room with two of everything, and in one with thirty."""

    few: dict[str, list[str]]
    many: dict[str, list[str]]
    customers: int  # of the crowded room
    letters: int


@pytest.fixture(scope="module")
def counted(site: Flask, as_furnished: Snapshot) -> Counted:
    """Walked once for every test that reads it: thirty of everything take their time."""
    as_furnished.put_back()
    with site.app_context():
        room, crowded = db.session.scalars(select(Room)).one(), furnished_room()
        with rooms.inside(crowded):
            crowd(MANY)
            customers, letters = (len(db.session.scalars(select(kind)).all()) for kind in (Customer, Letter))
        with rooms.inside(room):
            crowd(2)
        found = Counted(costs(site, room), costs(site, crowded), customers, letters)
        db.session.remove()
    return found


def test_one_row_or_thirty_cost_the_same_number_of_statements(counted: Counted) -> None:
    few, many = counted.few, counted.many
    grown = {page: (len(sent), len(many[page])) for page, sent in few.items() if len(sent) != len(many[page])}
    assert grown == {}
    assert {page: len(sent) for page, sent in many.items() if len(sent) > MOST} == {}


def test_nothing_is_asked_twice_for_one_page(counted: Counted) -> None:
    twice = {}
    for page, sent in counted.few.items():
        reads = [statement for statement in sent if statement.startswith("SELECT")]
        if len(set(reads)) < len(reads):
            twice[page] = [statement for statement in reads if reads.count(statement) > 1]
    # Whatever is written down meanwhile is a transaction of its own, and what the page shows is read again after it.
    for page in ("classroom.letter 0", "admin_center.invitation 1"):
        twice.pop(page, None)
    assert twice == {}


def test_what_ties_a_partner_to_its_customer_is_asked_once_for_all_the_page_says_of_them(counted: Counted) -> None:
    pages = {page: sent for page, sent in counted.few.items() if page.startswith("partner_portal.customer_")}
    ties = {page: sum("relationship.name_key" in statement for statement in sent) for page, sent in pages.items()}
    assert ties.pop("partner_portal.customer_subscription_reactivate 0") == 2  # it asks what the act itself asks
    assert {page: number for page, number in ties.items() if number > 1} == {}


def test_files_and_the_front_page_ask_the_database_nothing(counted: Counted) -> None:
    for page in ("static 0", "language 0", "theme 0", "classroom.welcome 0", "classroom.components 0"):
        assert counted.few[page] == [], page


def test_the_crowded_room_is_really_crowded(counted: Counted) -> None:
    assert counted.customers == MANY + 5
    assert counted.letters > 4 * MANY
