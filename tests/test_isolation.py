"""What happens in one room, no other sees: every address, every kind of visitor, every id."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule

from shared.domain import invitations, passwords, revocation, subscriptions
from shared.domain.history import Event
from shared.domain.organisations import Customer, Partner
from shared.domain.refusals import Code
from shared.domain.services import Service
from shared.domain.users import User
from shared.extensions import db
from shared.world import rooms
from shared.world.mailbox import Letter
from shared.world.rooms import Room
from tests.builders import accepts, adds
from tests.conftest import furnished_room, the
from tests.databases import answers
from tests.visitor import Page, Visitor

MARK = "Kelp"  # stands in every name and letter of the other room, and nowhere else
NOBODY: dict[str, int | str] = {
    "person": 999_999_999,
    "number": 999_999_999,
    "microsoft_id": "11111111-2222-3333-4444-555555555555",
}
NOBODY["customer"] = NOBODY["subscription"] = NOBODY["microsoft_id"]
AT_WORK = {
    "partner": ("Lin Chen", "Sara Blom", "Hugo Park", "Gao Rui", "Bea Novak", "Hanna Ott", "Ren Tao", "Wilma Kern", ""),
    "admin": ("Mei Zhou", "Bo Lindt", "Ulla Maas", "Hal Brandt", "Nora Quist", "Lin Chen"),
    "behalf": ("Lin Chen", "Hugo Park"),  # of Blue Kiln
}


def fingerprint(room: Room | None = None, without: Collection[str] = ()) -> dict[str, list[Any]]:
    """Every row of every table (of one room, or of all) as the database holds it, to see that nothing changed."""
    room_id, queries = room and room.id, {}
    for table in db.metadata.sorted_tables:
        if table.name not in without:
            whose = "room_id" if "room_id" in table.c else "id"
            which = "" if room_id is None else f"WHERE {whose} = {room_id}"
            order = ", ".join(key.name for key in table.primary_key)
            queries[table.name] = f'SELECT * FROM "{table.name}" {which} ORDER BY {order}'
    db.session.commit()
    found = answers(list(queries.values()))
    db.session.commit()
    return dict(zip(queries, found, strict=True))


def refusals() -> list[Code]:
    """Every refusal this room's history holds, oldest first."""
    told_no = select(Event.refused).where(Event.refused.is_not(None)).order_by(Event.id)
    return [code for code in db.session.scalars(told_no) if code]


def token(page: Page) -> str:
    """The CSRF token of the forms on this page."""
    return next(str(field["value"]) for form in page.each("form") for field in form.select("input[name=csrf_token]"))


@pytest.fixture
def other(room: Room) -> Room:
    """A second room where a lot has happened, and where every name carries the mark."""
    made = furnished_room()
    with rooms.inside(made):
        made.name = f"{MARK.lower()}-1"
        for kind in (Partner, Customer, User):
            for row in db.session.scalars(select(kind)):
                row.name = f"{MARK} {row.name}"
        db.session.flush()
        mei, lin = the(User, f"{MARK} Mei Zhou"), the(User, f"{MARK} Lin Chen")
        lotus, paragraphs = the(Partner, f"{MARK} Lotus Cloud"), [f"{MARK} speaking"]
        invitations.send(invitations.Invitation(lotus), to=mei, by=lin, language="en", paragraphs=paragraphs)
        accepts(mei, lotus)
        revocation.revoke(lotus, [Service.EXCHANGE], by=mei)
        ida, _temporary = adds(mei.customer, f"{MARK} Ida", "ida@bluekiln.example", admin=None, by=mei)
        passwords.ask_recovery(ida.email)
        db.session.commit()
    return made


def of_the_other(other: Room) -> dict[str, list[Any]]:
    """What the other room would put for each argument of a route."""
    with rooms.inside(other):
        kiln = the(Customer, f"{MARK} Blue Kiln")
        bought = subscriptions.of_customer(kiln)[0].microsoft_id
        return {
            "person": [the(User, f"{MARK} Mei Zhou").id, the(User, f"{MARK} Lin Chen").id],
            "number": list(db.session.scalars(select(Letter.id)))[:2],
            "microsoft_id": [the(Partner, f"{MARK} Lotus Cloud").microsoft_id, bought],
            "customer": [the(Customer, f"{MARK} Blue Kiln").microsoft_id],
            "subscription": [bought],
        }


def room_rules(app: Flask) -> list[Rule]:
    """Every route inside a room; the ways out last, because they end the walk."""
    inside = [rule for rule in app.url_map.iter_rules() if "room" in rule.arguments]
    return sorted(inside, key=lambda rule: (rule.endpoint.endswith("sign_out"), rule.rule, rule.endpoint))


def sides(rule: Rule) -> list[dict[str, str]]:
    """The arguments of a route that lead to each of its sides."""
    return [{"side": "admin"}, {"side": "behalf"}] if "side" in rule.arguments else [{}]


def works_on_behalf(visitor: Visitor, customer: Customer) -> Page:
    """Press the first button in Partner Center that administers something of this customer."""
    services = f"/customers/{customer.microsoft_id}/services"
    return visitor.portal(services, "partner").press_form(f"{visitor.room}/partner{services}/administer")


def walks(side: str, name: str, rule: Rule, at: Mapping[str, str]) -> bool:
    """Whether this visitor goes where the route leads: whoever is signed in to one portal, only about that portal.

    A stranger goes everywhere, and so does who works on behalf of a customer, who is signed in to Partner Center too.
    """
    leads_to = at.get("side", "partner" if rule.endpoint.startswith("partner_portal.") else "")
    return not name or side in ("behalf", leads_to)


def address(app: Flask, rule: Rule, **values: Any) -> str:
    """Where this route leads with these arguments."""
    method = next(iter((rule.methods or set()) - {"HEAD", "OPTIONS"}))
    return app.url_map.bind("localhost").build(rule.endpoint, values, method=method)


def mixtures(rule: Rule, foreign: dict[str, list[Any]], own: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every way to mix ids of the other room with ids of this one: at least one is foreign."""
    names = sorted(rule.arguments - {"room", "side"})
    unknown = [name for name in names if name not in foreign]
    assert not unknown, f"{rule} has arguments this test does not know: {unknown}"
    if not names:
        yield {}
    for turn in range(len(names) and 2):
        yield {name: foreign[name][turn % len(foreign[name])] for name in names}
    for name in names if len(names) > 1 else ():
        yield {other: own[other] for other in names} | {name: foreign[name][0]}


def foreign_words(other: Room, foreign: dict[str, list[Any]]) -> dict[str, Any]:
    """Every query argument and form field filled with ids of the other room."""
    person, partner = str(foreign["person"][0]), foreign["microsoft_id"][0]
    link = {"type": "ResellerRelationship", "id": partner, "csp": "1", "msppid": "0"}
    fields = {"person_id": person, "to": person, "reseller": partner, "suspended": partner, "abroad": partner}
    ticks = {"services": f"{partner}/exchange", "agreed": "y", "seen": "exchange:1", "act": "send", "link": "x"}
    people = {
        "account": person,
        "token": "x",
        "email": "ida@bluekiln.example",
        "password": "x",
        "admin": "",
        "agent": "",
    }
    people |= {"agent": "", "local": "kelp", "current": "x" * 8, "new": "y" * 8, "again": "y" * 8}
    people |= {
        "offer": "e3",
        "seats": "3",
        "seen": '{"version": "1"}',
        "target": "e3",
        "reason": "fraud",
        "nickname": "x",
    }
    paging = {
        "q": "ke",
        "sort": "newest",
        "name": "",
        "after": "1",
        "before": "999999",
        "next": f"/w/{other.key}/partner/",
    }
    return people | link | fields | ticks | paging | {"first": "", "second": "", "once": "1", "dap_conflict": "refuse"}


def saw(page: Page) -> tuple[int, str | None, str]:
    """What a page says as far as it may depend on an id: its status, refusal and place."""
    return page.status, page.refusal if page.status >= 400 else None, "door" if page.path.endswith("/sign-in") else ""


class Walker(Visitor):
    """One kind of visitor on the way through every address, with a valid CSRF token for each part of the site."""

    def __init__(self, app: Flask, room: Room, name: str, side: str) -> None:
        super().__init__(app, room.key)
        self.door, self.name = f"{self.room}/{'admin' if side == 'admin' else 'partner'}/sign-in", name
        self.on_behalf = side == "behalf"
        self.tokens = {"/behalf/": ""} | {
            part: token(self.open(f"{self.room}{part}")) for part in ("/partner/sign-in", "/admin/sign-in", "/")
        }
        self.arrive()

    def arrive(self) -> None:
        """Sign in, unless this visitor is a stranger."""
        if self.name:
            self.send(self.door, self.form(self.door, person_id=str(the(User, self.name).id)))
        if self.on_behalf:
            self.tokens["/behalf/"] = token(works_on_behalf(self, the(Customer, "Blue Kiln")))

    def open(self, address: str, **query: str) -> Page:
        """Follow an address, with more in its query."""
        joint = "&" if "?" in address else "?"
        return Page(self, self._ask("GET", address + (joint + urlencode(query) if query else "")))

    def send(self, address: str, data: Mapping[str, Any]) -> Page:
        """Post as it is."""
        return Page(self, self._ask("POST", address, data=data))

    def form(self, where: str, **fields: Any) -> dict[str, Any]:
        """A form for this address that carries the right token."""
        part = next(part for part in self.tokens if where.startswith(self.room + part.removesuffix("sign-in")))
        return {**fields, "csrf_token": self.tokens[part]}

    def answers(self, rule: Rule, where: str, sent: dict[str, Any]) -> list[Page]:
        """What the site says at this address, opened and posted to, bare and with foreign ids in every field."""
        pages, methods = [], rule.methods or set()
        if "GET" in methods:
            pages += [self.open(where, **sent)]
        if "POST" in methods:
            pages += [self.send(f"{where}?{urlencode(sent)}", self.form(where, **sent))]
        if rule.endpoint.endswith(("sign_out", "leave")):
            self.arrive()
        return pages


@pytest.mark.parametrize(("side", "name"), [(side, name) for side, names in AT_WORK.items() for name in names])
def test_no_address_and_no_form_reaches_into_another_room(
    app: Flask, room: Room, other: Room, side: str, name: str
) -> None:
    accepts(the(User, "Mei Zhou"), the(Partner, "Lotus Cloud"))
    foreign, before = of_the_other(other), fingerprint(other)
    sent = foreign_words(other, foreign)
    mine = {"person": the(User, "Mei Zhou").id, "microsoft_id": the(Partner, "Lotus Cloud").microsoft_id}
    kiln = the(Customer, "Blue Kiln")
    mine |= {"customer": kiln.microsoft_id, "subscription": subscriptions.of_customer(kiln)[0].microsoft_id}
    mine |= {"number": NOBODY["number"]}
    walker, wrong = Walker(app, room, name, side), []
    for rule, at in ((each, at) for each in room_rules(app) for at in sides(each) if walks(side, name, each, at)):
        here = {"room": room.key} | at
        unknown = {key: nobody for key, nobody in NOBODY.items() if key in rule.arguments}
        nowhere = unknown and walker.answers(rule, address(app, rule, **here, **unknown), sent)
        for mixture in mixtures(rule, foreign, mine):
            pages = walker.answers(rule, address(app, rule, **here, **mixture), sent)
            wrong += [(rule.rule, "speaks of it") for page in pages if MARK in page.text]
            if mixture:
                answers = [saw(page) for page in pages]
                stays_shut = all(status in (403, 404) or place for status, _refusal, place in answers)
                as_if_nothing = answers == [saw(page) for page in nowhere]
                wrong += [] if stays_shut and as_if_nothing else [(rule.rule, here, answers)]
    assert wrong == []
    assert not walker.on_behalf or walker.portal("/users", "behalf").status == 200
    assert fingerprint(other) == before


def test_a_room_nobody_opened_is_not_found_at_any_address(app: Flask, room: Room, stranger: Visitor) -> None:
    form = {"csrf_token": token(stranger.open("/"))}
    found = []
    before = fingerprint()
    for rule, at in ((each, at) for each in room_rules(app) for at in sides(each)):
        for key in (room.key[:-1], room.key.swapcase() + "A", "0", quote("a\0b"), quote("' OR 1=1 --"), "a" * 2000):
            place = address(app, rule, room="ROOM", **at, **{k: v for k, v in NOBODY.items() if k in rule.arguments})
            where = place.replace("ROOM", key)
            method_is_post = "GET" not in (rule.methods or ())
            page = stranger.send(where, form) if method_is_post else stranger.open(where)
            found += [(where, page.status)] if page.status != 404 else []
    assert found == []
    assert fingerprint() == before
