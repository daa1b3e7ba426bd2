"""Whatever a stranger sends: never a broken page, nothing changed, nothing echoed unescaped."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import pytest
from bs4 import Tag
from flask import Flask
from sqlalchemy import select
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.routing import Rule

from shared.domain import accounts, passwords, privileges, subscriptions
from shared.domain.history import Event, EventKind
from shared.domain.organisations import Customer, Partner
from shared.domain.refusals import Code
from shared.domain.services import Service
from shared.domain.subscriptions import Subscription
from shared.domain.users import User
from shared.extensions import db
from shared.world import clock
from shared.world.mailbox import Letter
from shared.world.rooms import Room
from tests.builders import accepts, adds
from tests.conftest import the
from tests.test_isolation import fingerprint, refusals, sides, token, works_on_behalf
from tests.visitor import Page, Visitor, words

SCRIPT = "<script>alert(1)</script>"
TAG = "\"'><img src=x onerror=alert(1)>"
EVIL = {
    "empty": "",
    "blank": " \t ",
    "long": "x" * 100_000,
    "right to left": "\u202eevil\u200f",
    "emoji": "🧨👩\u200d👩\u200d👧",
    "nul": "a\0b",
    "surrogate": "a\ud800b",
    "control": "a\x1b[2Jb",
    "script": SCRIPT,
    "tag": TAG,
    "sql": "' OR 1=1; DROP TABLE letter; --",
    "template": "{{ 7 * 7 }} %(partner)s ${7*7}",
    "up": "../../../../etc/passwd",
    "percent": "%00",
    "header": "a\r\nSet-Cookie: x=1",
    "huge": "9" * 40,
    "int64": "9" * 18,
    "int32": "2147483648",
    "negative": "-1",
    "float": "1e309",
    "other digits": "٣",
}
QUERY = ("q", "name", "after", "before", "show", "sort", "next", "account", "token", "to", "like")
QUERY += ("step", "draft", "wrong", "customer", "service")
LINK = ("type", "id", "csp", "msppid", "indirectResellerId", "invType", "partnerId", "msppId", "DAP")
INVITATIONS = ("admin_center.invitation", "admin_center.later_invitation")
DOOR = {"room", "side"}  # what is read of every address before any route is asked
REQUEST = "partner/customers/request-a-reseller-relationship"
PARTNERS = "admin/settings/partner-relationships"
STAFF = "partner/account-settings/users"
PORTALS = ("partner", "admin", "behalf")  # the last is the admin center again, for who works there on behalf
PAGE, FRAME = "main", ":is(header, .on-behalf)"  # what is on one page alone, and what is around every page
NEW = {"name": "New Person", "local": "new"}
SAME_FORMS = {f"admin_center.{page}" for page in ("password", "recovery", "new_password")}
# Free text and the name of a press of the button: what is valid there is kept.
NONE_CHOSEN = {("reseller", ""), ("agent", ""), ("admin", "")}  # what a select may be left at
FREE = {"first", "second", "once", "agreed", "name", "local", "nickname", "auto_renew"}
FREE |= {field for fields in accounts.FIELDS.values() for field in fields}


class Reckless(Visitor):
    """Somebody who sends whatever bytes they like."""

    def throw(self, address: str, query: dict[str, Any] | None = None, form: dict[str, Any] | None = None) -> Page:
        """GET, or POST when there is a form; lone surrogates and NUL bytes go out as they are."""
        where = address + (f"?{encoded(query)}" if query else "")
        if form is None:
            return Page(self, self._ask("GET", where))
        kind = "application/x-www-form-urlencoded"
        return Page(self, self._ask("POST", where, data=encoded(form), content_type=kind))


def encoded(pairs: dict[str, Any]) -> str:
    """A query or a form body."""
    return urlencode(pairs, doseq=True, errors="surrogatepass")


def in_path(value: str) -> str:
    """One segment of an address."""
    return quote(value, safe="", errors="surrogatepass")


@pytest.fixture
def live(app: Flask) -> Iterator[Flask]:
    """The site as it runs for others: what breaks answers 500 instead of telling the test."""
    app.testing = False
    yield app
    app.testing = True


@pytest.fixture
def asked(live: Flask, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The names of the arguments a page asks for as it is opened: what it does not ask for need not be thrown alone."""
    names: set[str] = set()

    class Listening(ImmutableMultiDict[str, str]):
        def __getitem__(self, name: str) -> str:
            names.add(name)
            return super().__getitem__(name)

    monkeypatch.setattr(live.request_class, "parameter_storage_class", Listening)
    return names


class Cast(dict[str, Reckless]):
    """Everybody whose pages differ; each comes in when called."""

    def __init__(self, app: Flask, room: Room) -> None:
        self.app, self.key = app, room.key

    def __missing__(self, name: str) -> Reckless:
        self[name] = Reckless(self.app, self.key, the(User, name))
        return self[name]


@pytest.fixture
def cast(live: Flask, room: Room, lotus: Partner, jade: Partner) -> Cast:
    """A room where Jade holds Exchange of Blue Kiln and Lotus the rest."""
    mei = the(User, "Mei Zhou")
    accepts(mei, lotus)
    accepts(mei, jade, Service.EXCHANGE)
    assert mei.customer
    for offer in ("e1", "business_essentials", "project_premium"):
        db.session.add(Subscription(customer=mei.customer, seller=jade, offer_key=offer, seats=1))
    db.session.flush()
    bought_from_jade("project_premium").suspended_at = clock.now()
    cast = Cast(live, room)
    cast["Kai Moss"] = with_a_password(live, room, lotus)
    return cast


def with_a_password(live: Flask, room: Room, partner: Partner) -> Reckless:
    """Kai, made in this room, who has just come in with a temporary password and asked for a recovery link."""
    kai, temporary = adds(partner, "Kai Moss", "kai@lotus.example", admin=None, by=the(User, "Gao Rui"))
    passwords.ask_recovery(kai.email)
    visitor = Reckless(live, room.key)
    visitor.portal("/sign-in", "partner").press("Sign in", email=kai.email, password=temporary)
    return visitor


def bought_from_jade(offer: str) -> Subscription:
    """What Jade sold to Blue Kiln."""
    query = select(Subscription).where(Subscription.offer_key == offer, Subscription.seller_id.is_not(None))
    return db.session.scalars(query.order_by(Subscription.id.desc())).first()  # type: ignore[return-value]


def wrongs(what: Any, page: Page) -> list[Any]:
    """Everything a page must not do, whatever was sent."""
    found = [(what, page.status)] if page.status >= 500 else []
    if page.response.mimetype == "text/html":
        found += [(what, "unescaped") for evil in (SCRIPT, TAG) if evil in page.text]
        found += [(what, "49")] if "49 %" in page.text else []
        silent = (
            page.status == 422 and 'class="field-error"' not in page.text and not page.soup.select(".error-summary li")
        )
        found += [(what, "no message at the field")] if silent else []
    found += [(what, "header")] if any("x=1" in line for line in page.response.headers.getlist("Set-Cookie")) else []
    return found


def forms(page: Page, where: str = PAGE) -> dict[tuple[str, ...], Tag]:
    """The different forms of a page that post, by where they go and what they ask."""
    found = {}
    for form in page.soup.select(f"{where} form[method=post]"):
        names = {str(tag["name"]) for tag in form.select("[name]")}
        found.setdefault((str(form.get("action") or ""), *sorted(names)), form)
    return found


def thrown_at_forms(visitor: Reckless, address: str, where: str = PAGE, **filled: Any) -> Iterator[Any]:
    """Whatever goes wrong as each field of each form there takes whatever a stranger might send.

    Any form without its token is refused before anybody reads it, which a test of its own sees to; a bad one is sent
    only where there is nothing else to fill in.
    """
    page = visitor.throw(address)
    assert forms(page, where)
    for (action, *names), form in forms(page, where).items():
        valid = page.fields(form) | {name: value for name, value in filled.items() if name in names}
        for field in [name for name in names if name != "csrf_token"] or ["csrf_token"]:
            before = fingerprint(without=["event"])
            for kind, value in EVIL.items():
                answer = visitor.throw(action or address, form=valid | {field: value})
                yield from wrongs((field, kind), answer)
                if field == "csrf_token" and answer.status != 400:
                    yield field, kind, answer.status
                if (field, value) in NONE_CHOSEN:
                    before = fingerprint(without=["event"])
            if field not in FREE and fingerprint(without=["event"]) != before:
                yield field, "changed something"


def pages_with_forms(room: Room, lotus: Partner, mei: User) -> list[tuple[str, str, dict[str, Any]]]:
    """Who opens which page, and how its own form is filled in to be valid."""
    home = f"/w/{room.key}"
    link = {"type": "ResellerRelationship", "id": lotus.microsoft_id, "csp": "1", "msppid": "0"}
    ticked = [f"{lotus.microsoft_id}/{service}" for service in Service]
    sara, nora = the(User, "Sara Blom").id, the(User, "Nora Quist").id
    account = f"{home}/partner/customers/{mei.customer.microsoft_id if mei.customer else ''}/account"
    bought = f"{account.removesuffix('account')}subscriptions"
    offers = ("e1", "business_essentials", "project_premium")
    e1, essentials, suspended = (bought_from_jade(offer).microsoft_id for offer in offers)
    amber = {"name": "Amber Mill", "domain": "amber.example", "contact_name": "Ada", "contact_email": "a@amber.example"}
    return [
        ("Lin Chen", f"{home}/partner/customers/add", amber | {"to": "review"}),
        ("Lin Chen", f"{account}/contact", {}),
        ("Jonas Falk", f"{account}/billing", {}),
        ("Gao Rui", f"{account}/remove", {"agreed": "y"}),
        ("Lin Chen", f"{home}/{REQUEST}", {"to": str(mei.id), "act": "send"}),
        ("Hanna Ott", f"{home}/{REQUEST}", {"to": str(mei.id), "act": "send"}),
        ("Mei Zhou", f"{home}/admin/partner/partnersignup.aspx?{urlencode(link)}", {"agreed": "y", "services": ticked}),
        ("Mei Zhou", f"{home}/{PARTNERS}/{lotus.microsoft_id}/remove", {}),
        ("Mei Zhou", f"{home}/{PARTNERS}/remove-all", {}),
        ("Lin Chen", f"{home}/settings", {}),
        ("Lin Chen", f"{home}/", {}),
        ("Lin Chen", f"{home}/partner/sign-in?next={home}/partner/customers", {}),
        ("Mei Zhou", f"{home}/admin/sign-in?next={home}/admin/activity", {}),
        ("Lin Chen", "/", {}),
        ("Gao Rui", f"{home}/{STAFF}/new", NEW),
        ("Gao Rui", f"{home}/{STAFF}/{sara}", {}),
        ("Gao Rui", f"{home}/{STAFF}/{sara}/remove", {}),
        ("Mei Zhou", f"{home}/admin/users/new", NEW),
        ("Mei Zhou", f"{home}/admin/users/{nora}", {}),
        ("Mei Zhou", f"{home}/admin/users/{nora}/remove", {}),
        ("Kai Moss", f"{home}/partner/password", {"current": "x" * 8, "new": "y" * 8, "again": "y" * 8}),
        ("Kai Moss", f"{home}/partner/sign-in/recovery", {}),
        ("Kai Moss", f"{home}/partner/sign-in/new-password?{recovery_link()}", {"new": "y" * 8, "again": "z" * 8}),
        ("Lin Chen", f"{home}/clock", {"jump": "date"}),
        ("Jonas Falk", f"{bought}/add", {"act": "order"}),
        ("Jonas Falk", f"{bought}/{e1}", {}),
        ("Jonas Falk", f"{bought}/{e1}/add-on", {}),
        ("Jonas Falk", f"{bought}/{e1}/suspend", {"reason": "fraud"}),
        ("Jonas Falk", f"{bought}/{suspended}/reactivate", {}),
        ("Jonas Falk", f"{bought}/{e1}/cancel", {}),
        ("Jonas Falk", f"{bought}/{essentials}/upgrade", {"target": "business_premium"}),
    ]


def recovery_link() -> str:
    """What stands in the link of the newest recovery letter."""
    letter = db.session.scalars(select(Letter).where(Letter.kind == "recovery").order_by(Letter.id.desc())).first()
    return urlencode({"account": letter.to_id, "token": letter.facts["token"]} if letter else {})


@pytest.mark.parametrize("number", range(31))
def test_no_field_of_any_form_breaks_anything(cast: Cast, room: Room, lotus: Partner, mei: User, number: int) -> None:
    name, address, filled = pages_with_forms(room, lotus, mei)[number]
    assert list(thrown_at_forms(cast[name], address, **filled)) == []


@pytest.mark.parametrize("side", PORTALS)
def test_no_form_of_the_frame_around_every_page_breaks_anything(cast: Cast, side: str) -> None:
    visitor = at_work(cast, side)
    assert list(thrown_at_forms(visitor, home_of(side, visitor), FRAME)) == []


def test_the_forms_that_are_thrown_at_are_all_there_are(
    live: Flask, cast: Cast, room: Room, lotus: Partner, mei: User
) -> None:
    known = {str(rule.endpoint) for rule in live.url_map.iter_rules() if "POST" in (rule.methods or ())}
    reached = set()
    book = live.url_map.bind("localhost")
    for name, address, _filled in pages_with_forms(room, lotus, mei):
        for action, *_fields in forms(cast[name].throw(address)):
            reached.add(book.match(urlsplit(action or address).path, method="POST")[0])
    for side in PORTALS:
        visitor = at_work(cast, side)
        for action, *_fields in forms(visitor.throw(home_of(side, visitor)), FRAME):
            reached.add(book.match(urlsplit(action).path, method="POST")[0])
    # A confirmation with nothing to fill in, and forms that the other portal has as well.
    assert (
        known - reached
        == {
            "partner_portal.customer_administer",  # one press of a button, with a service or without
            "admin_center.partner_relationship_delete",
        }
        | SAME_FORMS
    )


@pytest.mark.parametrize("side", ["classroom", *PORTALS])
def test_no_query_argument_breaks_anything(
    live: Flask, cast: Cast, room: Room, lotus: Partner, mei: User, side: str, asked: set[str]
) -> None:
    visitor, wrong = at_work(cast, side), []
    ids = {"side": side, "room": room.key, "person": mei.id, "number": 1, "microsoft_id": lotus.microsoft_id}
    ids |= {"choice": "en", "name": "app.css", "customer": the(Customer, "Blue Kiln").microsoft_id}
    ids["subscription"] = bought_from_jade("e1").microsoft_id
    book = live.url_map.bind("localhost")
    right = {"type": "ResellerRelationship", "id": lotus.microsoft_id, "csp": "1", "msppid": "0"}
    before = fingerprint(without=["event"])
    for rule in live.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or not lies_on(side, rule):
            continue
        address = book.build(rule.endpoint, {key: ids[key] for key in rule.arguments}, method="GET")
        asked.clear()
        visitor.throw(address)
        for kind, value in EVIL.items():
            thrown: list[dict[str, Any]] = [dict.fromkeys((*QUERY, *LINK), value[:20_000])]
            if {"name", "after"} <= asked:  # nothing but a list that goes on can tell these apart
                thrown += [{"name": value, "after": "1"}]
                thrown += [{"q": value, "name": "x", "after": value}]
                thrown += [{"show": "partly", "sort": "newest", "name": value, "after": "1"}]
            if rule.endpoint in INVITATIONS:
                thrown += [right | {field: value} for field in LINK]
            for query in thrown:
                wrong += wrongs((rule.endpoint, kind, sorted(query)[0]), visitor.throw(address, query))
        wrong += [(rule.endpoint, "asks for", name) for name in asked - {*QUERY, *LINK}]
    assert wrong == []
    assert fingerprint(without=["event"]) == before


def lies_on(side: str, rule: Rule) -> bool:
    """Whether a route leads to this side; whatever leads into no portal is the classroom's."""
    blueprint = rule.endpoint.partition(".")[0]
    return side in {"partner_portal": ["partner"], "admin_center": ["admin", "behalf"]}.get(blueprint, ["classroom"])


def home_of(side: str, visitor: Visitor) -> str:
    """The first page of this side."""
    return f"{visitor.room}/" if side == "classroom" else f"{visitor.room}/{side}/"


def at_work(cast: Cast, side: str) -> Reckless:
    """Somebody who is signed in to this side."""
    visitor = cast["Mei Zhou" if side == "admin" else "Lin Chen"]
    if side == "behalf":
        works_on_behalf(visitor, the(Customer, "Blue Kiln"))
    return visitor


@pytest.mark.parametrize("side", ["classroom", *PORTALS])
def test_no_argument_in_an_address_breaks_anything(
    live: Flask, cast: Cast, room: Room, lotus: Partner, mei: User, side: str
) -> None:
    visitor, wrong = at_work(cast, side), []
    ids = {"side": side, "room": room.key, "person": str(mei.id), "number": "1", "microsoft_id": lotus.microsoft_id}
    ids |= {"choice": "en", "name": "app.css", "customer": the(Customer, "Blue Kiln").microsoft_id}
    ids["subscription"] = bought_from_jade("e1").microsoft_id
    tokens = {"csrf_token": token(visitor.throw(home_of(side, visitor)))}
    before, at_the_door = fingerprint(without=["event"]), set(DOOR)
    for rule in (rule for rule in live.url_map.iter_rules() if lies_on(side, rule)):
        arguments, at_the_door = rule.arguments - (DOOR - at_the_door), at_the_door - rule.arguments
        for argument in arguments:
            for kind, value in EVIL.items():
                address = rule.rule
                for key in rule.arguments:
                    part = in_path(value) if key == argument else ids[key]
                    for converter in ("", "int:", "path:", "any(admin,behalf):"):
                        address = address.replace(f"<{converter}{key}>", part)
                form = None if "GET" in (rule.methods or ()) else tokens
                page = visitor.throw(address, form=form)
                wrong += wrongs((rule.endpoint, argument, kind), page)
                opened = page.status == 200 and value.strip() and kind not in ("up", "other digits")
                wrong += [(rule.endpoint, argument, kind, "opened")] if opened else []
    assert wrong == []
    assert fingerprint(without=["event"]) == before


@pytest.mark.parametrize("kind", [kind for kind in EVIL if kind not in ("empty", "blank")])
def test_what_is_valid_text_in_a_letter_arrives_escaped_and_the_rest_is_refused_at_the_field(
    cast: Cast, room: Room, mei: User, kind: str
) -> None:
    lin, value, before = cast["Lin Chen"], EVIL[kind], len(db.session.scalars(select(Letter)).all())
    page = lin.throw(f"/w/{room.key}/{REQUEST}")
    form = page.fields(page.soup.select_one("form[data-letter]"))  # type: ignore[arg-type]
    answer = lin.throw(f"/w/{room.key}/{REQUEST}", form=form | {"first": value, "to": str(mei.id), "act": "send"})
    letters = db.session.scalars(select(Letter).order_by(Letter.id)).all()
    if answer.status == 422:
        assert kind in ("long", "nul", "control", "right to left", "header", "surrogate")
        assert len(answer.errors) == 1
        assert len(letters) == before
    else:
        assert answer.status == 200
        assert len(letters) == before + 1
        shown = lin.throw(f"/w/{room.key}/mail/{mei.id}/{letters[-1].id}")
        assert wrongs(kind, shown) == []
        arrived = words(shown.soup.select(".letter-text")[0])
        assert arrived == " ".join(value.split()) or kind == "surrogate"


def test_unknown_services_are_refused_at_the_field(cast: Cast, room: Room, lotus: Partner) -> None:
    mei, before = cast["Mei Zhou"], fingerprint()
    remove = mei.throw(f"/w/{room.key}/{PARTNERS}/{lotus.microsoft_id}/remove")
    for services in (["teams"], ["sharepoint", "teams"], ["SHAREPOINT"]):
        answer = remove.press("Remove", services=services)
        assert (answer.status, bool(answer.errors)) == (422, True)
    query = {"type": "ResellerRelationship", "id": lotus.microsoft_id, "csp": "1", "msppid": "0"}
    accept = mei.throw(f"/w/{room.key}/admin/partner/partnersignup.aspx", query)
    for services in ([f"{lotus.microsoft_id}/teams"], ["exchange"], [f"{the(Partner, 'Jade IT').microsoft_id}/skype"]):
        answer = accept.press("Accept & Authorize", agreed="y", services=services)
        assert (answer.status, bool(answer.errors)) == (422, True)
    assert fingerprint() == before


@pytest.mark.rule("R42")
def test_a_stale_answer_is_refused_keeps_its_ticks_and_shows_how_it_is_now(
    visit: Any, lotus: Partner, jade: Partner, kiln: Customer, mei: User
) -> None:
    lin = visit("Lin Chen")
    link = str(lin.portal("/customers/request-a-reseller-relationship").soup.select_one("#link")["value"])
    page = visit("Mei Zhou").open(link)
    accepts(mei, jade, Service.EXCHANGE)
    before = fingerprint(without=["event"])
    wanted = [f"{lotus.microsoft_id}/exchange", f"{lotus.microsoft_id}/skype"]
    answer = page.press("Accept & Authorize", agreed="y", services=wanted)
    assert (answer.status, len(answer.errors)) == (409, 1)
    assert refusals() == [Code.CHANGED_MEANWHILE]
    assert fingerprint(without=["event"]) == before
    assert [box["value"] for box in answer.soup.select("input[name=services][checked]")] == wanted
    assert "Jade IT" in answer.rows()[0][1]
    assert answer.press("Accept & Authorize", agreed="y").heading == "Partner relationships"
    assert privileges.holders(kiln)[Service.EXCHANGE] is lotus


def test_a_stale_answer_about_services_not_ticked_is_no_conflict(
    visit: Any, lotus: Partner, jade: Partner, mei: User
) -> None:
    link = str(visit("Lin Chen").portal("/customers/request-a-reseller-relationship").soup.select_one("#link")["value"])
    page = visit("Mei Zhou").open(link)
    accepts(mei, jade, Service.EXCHANGE)
    answer = page.press("Accept & Authorize", agreed="y", services=[f"{lotus.microsoft_id}/skype"])
    assert (answer.status, refusals()) == (200, [])


def test_a_stale_removal_removes_what_is_left_and_nothing_else(
    visit: Any, lotus: Partner, jade: Partner, kiln: Customer, mei: User
) -> None:
    accepts(mei, lotus)
    page = visit("Mei Zhou").portal(f"/settings/partner-relationships/{lotus.microsoft_id}/remove")
    accepts(mei, jade, Service.EXCHANGE)
    assert page.press("Remove").status == 200
    assert privileges.held_by(lotus, kiln) == set()
    assert privileges.held_by(jade, kiln) == {Service.EXCHANGE}


def test_every_act_pressed_twice_happens_once(
    visit: Any, lotus: Partner, willow: Partner, mei: User, lin: User
) -> None:
    accepts(mei, willow, Service.SKYPE)
    sender, customer = visit("Lin Chen"), visit("Mei Zhou")
    request = sender.portal("/customers/request-a-reseller-relationship")
    here = "/settings/partner-relationships"
    link = str(request.soup.select_one("#link")["value"])
    acts: list[tuple[Any, str, dict[str, Any]]] = [
        (lambda: request, "Send", {"to": str(mei.id)}),
        (lambda: customer.open(link), "Accept & Authorize", {"agreed": "y"}),
        (lambda: customer.portal(f"{here}/{lotus.microsoft_id}/remove"), "Remove", {"services": ["skype"]}),
        (lambda: customer.portal(f"{here}/{willow.microsoft_id}/delete"), "Delete partner", {}),
        (lambda: customer.portal(f"{here}/remove-all"), "Remove from all partners", {}),
    ]
    for opening, button, typed in acts:
        page = opening()
        assert page.press(button, **typed).status == 200
        once = fingerprint()
        assert page.press(button, **typed).status == 200, button
        assert fingerprint() == once, button
    sent = select(Event).where(Event.kind == EventKind.SEND_INVITATION)
    assert len(db.session.scalars(sent).all()) == 1
    assert refusals() == []


def test_a_token_that_is_missing_foreign_or_old_opens_no_form(
    app: Flask, visit: Any, room: Room, lotus: Partner
) -> None:
    accepts(the(User, "Mei Zhou"), lotus)
    mei, lin, bo = visit("Mei Zhou"), visit("Lin Chen"), visit("Bo Lindt")
    works_on_behalf(agent := visit("Hugo Park"), the(Customer, "Blue Kiln"))
    foreign = [
        None,
        "",
        "x",
        token(lin.portal()),
        token(agent.portal()),
        token(bo.portal()),
        token(mei.open("/")) + "0",
    ]
    foreign.append(token(mei.open(f"{mei.room}/settings")))  # of the same browser, but of the room's own session
    before = fingerprint()
    posts = [rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ()) and "room" in rule.arguments]
    for rule, at in ((each, at) for each in posts for at in sides(each)):
        kiln = the(Customer, "Blue Kiln")
        ids = at | {"room": room.key, "microsoft_id": lotus.microsoft_id, "customer": kiln.microsoft_id}
        ids |= {"person": the(User, "Nora Quist").id, "subscription": subscriptions.of_customer(kiln)[0].microsoft_id}
        address = app.url_map.bind("localhost").build(rule.endpoint, {k: ids[k] for k in rule.arguments}, method="POST")
        for bad in foreign:
            if rule.endpoint.startswith("classroom") and bad == foreign[-1]:
                continue
            form = {"person_id": str(the(User, "Mei Zhou").id), "services": "skype", "agreed": "y"}
            sender = agent if at == {"side": "behalf"} else mei
            page = sender.send(address, form | ({} if bad is None else {"csrf_token": bad}))
            said = "This form is no longer valid" if bad else "Something went wrong"
            assert (page.status, page.heading) == (400, said), (rule.endpoint, bad)
    assert fingerprint() == before
    assert mei.portal().path == f"{mei.room}/admin/"
    assert agent.portal("/", "behalf").status == 200


OUT = [
    "//evil.example",
    "///evil.example",
    "https://evil.example/w/{key}/partner/",
    "/\\evil.example",
    "\\\\evil.example",
    "/w/{key}/partner/\\..\\..\\",
    "/w/{key}/partner/../../../",
    "/w/{key}/partner/..",
    "/w/{key}/partner/../admin/",
    "/w/{key}/partner/%2e%2e/admin/",
    "/w/{key}/partner/%2E%2E/%2e%2e/",
    "/w/{key}/partner/.%2e/admin/",
    "/w/{key}/partner/%2e%2e",
    "/w/{key}/partner/..?x=1",
    "/w/{key}/partner/..#x",
    "/w/{key}/partnerish/",
    "/w/{key}/admin/",
    "/w/{key}/",
    "/",
    "javascript:alert(1)",
    " //evil.example",
    "\t//evil.example",
    "/\t/evil.example",
    "%2f%2fevil.example",
    "http:evil.example",
    "x" * 5000,
    "\u202e",
]


def walked(path: str) -> str:
    """The path a browser asks for: dots walked, encoded ones too."""
    parts: list[str] = []
    for part in path.split("/"):
        dots = part.lower().replace("%2e", ".")
        if dots == "..":
            parts = parts[:-1]
        elif dots != ".":
            parts.append(part)
    return "/".join(parts)


@pytest.mark.rule("R23")
@pytest.mark.parametrize("wanted", OUT)
def test_signing_in_never_leads_out_of_the_portal(app: Flask, room: Room, lin: User, wanted: str) -> None:
    visitor, wanted = Visitor(app, room.key), wanted.format(key=room.key)
    door, inside, person = f"/w/{room.key}/partner/sign-in", f"/w/{room.key}/partner/", str(lin.id)
    form = {"csrf_token": token(visitor.open(door)), "person_id": person, "next": wanted}
    db.session.commit()
    for address in (door, f"{door}?{urlencode({'next': wanted})}"):
        location = visitor.client.post(address, data=form).headers["Location"]
        parts = urlsplit(location)
        assert (parts.scheme, parts.netloc) == ("", "")
        assert walked(parts.path).startswith(inside)
        assert "\\" not in location
        form = {key: value for key, value in form.items() if key != "next"}


@pytest.mark.rule("R23")
@pytest.mark.parametrize(
    "path", ["customers?q=a%2Fb", "customers/request-a-reseller-relationship", "", "activity?before=3"]
)
def test_signing_in_does_lead_to_every_page_inside_it(app: Flask, room: Room, lin: User, path: str) -> None:
    visitor, inside = Visitor(app, room.key), f"/w/{room.key}/partner/"
    form = {"csrf_token": token(visitor.open(f"{inside}sign-in")), "person_id": str(lin.id), "next": inside + path}
    db.session.commit()
    assert visitor.client.post(f"{inside}sign-in", data=form).headers["Location"] == inside + path
