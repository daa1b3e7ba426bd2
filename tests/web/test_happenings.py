"""History in words."""

import re
from typing import Any

import pytest

from shared.domain import accounts, ending, history, relationships, revocation, subscription_changes
from shared.domain.history import EventKind
from shared.domain.organisations import Customer, Partner
from shared.domain.permissions import Permission
from shared.domain.refusals import Code, Refusal
from shared.domain.services import Service
from shared.domain.users import User
from shared.extensions import db
from shared.web.labels import LABELS
from shared.world import clock
from tests.builders import accepts, buys
from tests.conftest import the
from tests.visitor import Visitor

FACTS: dict[EventKind, dict[str, Any]] = {
    EventKind.END_DAP: {"reason": "moved"},
    EventKind.CHANGE_ROOM: {"setting": "dap_conflict", "old": "replace", "new": "refuse"},
}


def whole_log(visitor: Visitor) -> list[list[str]]:
    """Every row of somebody's activity log, over all its pages."""
    page = visitor.portal("/activity")
    rows = page.rows()
    while further := page.soup.select_one("a[rel=next]"):
        page = visitor.open(str(further["href"]))
        rows += page.rows()
    return rows


@pytest.mark.rule("R81")
@pytest.mark.parametrize("language", ["en", "de", "zh"])
def test_every_kind_of_event_has_its_words_in_the_log(
    visit: Any, lotus: Partner, kiln: Customer, lin: User, language: str
) -> None:
    for kind in EventKind:
        facts = FACTS.get(kind, {})
        history.record(kind, Service.SKYPE, by=lin, partner=lotus, customer=kiln, **facts)
    db.session.commit()
    rows = whole_log(visit("Lin Chen", **{"Accept-Language": language}))
    assert len(rows) == len(EventKind)
    assert len({row[1] for row in rows}) == len({str(word) for word in LABELS[EventKind].values()})
    assert all(row[1] and "Blue Kiln" in row[2] and "Lin Chen" in row[-1] for row in rows)


@pytest.mark.rule("R81")
def test_every_refusal_says_why_and_names_its_rule(visit: Any, lotus: Partner, kiln: Customer, lin: User) -> None:
    for code in Code:
        refusal = Refusal(code, partner=lotus, customer=kiln)
        history.record_refusal(EventKind.VIEW, refusal, by=lin)
    db.session.commit()
    lines = [" ".join(row) for row in whole_log(visit("Lin Chen"))]
    for code, line in zip(reversed(Code), lines, strict=True):
        assert "refused" in line
        assert re.search(rf"\b{Refusal(code).rule}\b", line)


@pytest.mark.rule("R47", "R70", "R81")
def test_only_who_resells_begins_a_reseller_relationship(
    visit: Any, harbor: Partner, reed: Partner, willow: Partner, mei: User
) -> None:
    for partner in (harbor, reed, willow):
        accepts(mei, partner, Service.SKYPE)
    revocation.delete_partner(reed, by=mei)
    told = {" · ".join(row[1:3] + row[4:5]) for row in whole_log(visit("Mei Zhou"))}
    met, left = "Become a partner of the customer", "Stop being a partner of the customer"
    assert told >= {
        "Begin the relationship · Harbor Distribution – Blue Kiln · no relationship → related",
        f"{met} · Willow Advisory – Blue Kiln · no partner → partner",
        f"{met} · Reed Services – Blue Kiln · no partner → partner",
        f"{left} · Reed Services – Blue Kiln · partner → no partner",
    }
    assert not any("elationship" in line for line in told if "Harbor" not in line)


@pytest.mark.rule("R66", "R81")
@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "held → ended with the relationship"),
        ("de", "erteilt → mit der Vertriebspartnerschaft beendet"),
        ("zh", "持有 → 随关系一并结束"),
    ],
)
def test_what_ends_with_the_relationship_reads_from_before_to_after(
    visit: Any, lotus: Partner, kiln: Customer, mei: User, language: str, said: str
) -> None:
    accepts(mei, lotus, Service.SKYPE)
    ending.remove(kiln, by=the(User, "Gao Rui"))
    changes = [row[4] for row in whole_log(visit("Lin Chen", **{"Accept-Language": language}))]
    assert said in changes


def test_what_the_trainer_did_is_no_persons_act(visit: Any, lotus: Partner) -> None:
    history.record(EventKind.SUSPEND_PARTNER, by=None, partner=lotus)
    db.session.commit()
    [row] = visit("Lin Chen").portal("/activity").rows()
    assert "trainer" in row[-1]


def test_the_timeline_shows_in_whose_house_it_happened(visit: Any, lotus: Partner, kiln: Customer, mei: User) -> None:
    history.record(EventKind.GRANT_DAP, Service.SKYPE, by=mei, partner=lotus, customer=kiln)
    refusal = Refusal(Code.ROLE, rule="R10", permission=Permission.REQUEST_RELATIONSHIP)
    db.session.commit()
    visitor = visit("Lin Chen")
    entries = visitor.portal().soup.select(".timeline li")
    assert [entry["data-house"] for entry in entries] == ["admin"]
    history.record_refusal(EventKind.SEND_INVITATION, refusal, by=db.session.get(User, visitor.user_id))
    newest = visitor.portal().soup.select_one(".timeline li")
    assert newest["data-house"] == "partner"
    assert "refused" in newest["class"]


@pytest.mark.rule("R81")
def test_what_was_done_in_one_moment_is_one_line_each_unless_only_the_service_differs(
    visit: Any, lotus: Partner, kiln: Customer, mei: User, lin: User
) -> None:
    moment = clock.now()
    relationships.begin(lotus, kiln)
    first, second = (buys(kiln, offer, lotus) for offer in ("business_essentials", "e3"))
    about: dict[str, Any] = {"by": lin, "customer": kiln, "at": moment}
    history.record(
        EventKind.GRANT_DAP, Service.EXCHANGE, Service.SKYPE, by=mei, partner=lotus, customer=kiln, at=moment
    )
    for one in (first, second):
        history.record(EventKind.ORDER, subscription=one, new=5, **about)
    for what, new in (("seats", 7), ("nickname", "Front desk")):
        history.record(EventKind.UPDATE_SUBSCRIPTION, subscription=first, what=what, old="", new=new, **about)
    db.session.commit()
    for name in ("Lin Chen", "Mei Zhou"):
        lines = [line.text for line in visit(name).portal().soup.select(".timeline li p:first-child")]
        assert [line.split(" · ")[-1] for line in lines[:5]] == [
            "Office 365 Business Essentials, nickname",
            "Office 365 Business Essentials, number of licences",
            "Office 365 Enterprise E3",
            "Office 365 Business Essentials",
            "Exchange Online, Skype for Business Online",
        ]


@pytest.mark.rule("R81")
@pytest.mark.parametrize("typed", ["e3", "2024-01-02", "2024-99-99", "replace", "2024-99-99Tea", "٢٠٢٤-٠١-٠٢"])
def test_what_people_typed_stands_in_the_log_as_they_typed_it(
    visit: Any, lotus: Partner, kiln: Customer, lin: User, typed: str
) -> None:
    accepts(the(User, "Mei Zhou"), lotus)
    bought = buys(kiln, "proplus", lotus)
    subscription_changes.rename(bought, typed, by=lin)
    seen = accounts.facts_of(kiln, accounts.Part.CONTACT)
    accounts.edit(kiln, accounts.Part.CONTACT, seen | {"contact_name": typed}, seen=seen, by=lin)
    db.session.commit()
    page = visit("Lin Chen").portal("/activity")
    assert [typed in " ".join(row) for row in page.rows()[:2]] == [True, True]
