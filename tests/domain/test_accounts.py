"""Whom to call at a customer and where its bill goes: who may edit what, and two people at once."""

from typing import Any

import pytest

from shared.domain import accounts, due, subscription_changes, subscriptions
from shared.domain.accounts import Part
from shared.domain.edits import EditedMeanwhile
from shared.domain.history import EventKind
from shared.domain.organisations import Customer, Partner
from shared.domain.refusals import Refusal
from shared.domain.users import User
from tests.builders import accepts
from tests.conftest import the
from tests.domain.conftest import code, events


@pytest.fixture
def jonas(jade: Partner) -> User:
    """Admin agent of Jade, which sold to Delta."""
    return the(User, "Jonas Falk")


@pytest.fixture
def lotus_knows_delta(lotus: Partner, dana: User) -> None:
    """Lotus is a partner of Delta, and sold it nothing."""
    accepts(dana, lotus)


def edit(customer: Customer, part: Part, by: User, seen: dict[str, str] | None = None, **typed: str) -> list[str]:
    """Type over some of what `by` sees."""
    now = accounts.facts_of(customer, part)
    return accounts.edit(customer, part, now | typed, seen=seen or now, by=by)


@pytest.mark.rule("R81")
def test_each_field_that_changed_is_in_history_with_old_and_new(delta: Customer, jonas: User, elsewhere: Any) -> None:
    before = delta.contact_phone
    assert edit(delta, Part.CONTACT, jonas, contact_phone="+86 28 5550 0999") == ["contact_phone"]
    [event] = events(EventKind.EDIT_CUSTOMER, delta)
    assert event.facts == {"setting": "contact_phone", "old": before, "new": "+86 28 5550 0999"}
    assert delta.contact_phone == "+86 28 5550 0999"


@pytest.mark.rule("R35")
@pytest.mark.usefixtures("lotus_knows_delta")
def test_a_partner_that_sold_nothing_edits_the_contact_and_not_the_bill(delta: Customer, lin: User) -> None:
    assert edit(delta, Part.CONTACT, lin, contact_name="Didi Wang") == ["contact_name"]
    with pytest.raises(Refusal) as told:
        edit(delta, Part.BILLING, lin, bill_to="Lotus Cloud")
    assert (told.value.code, told.value.rule) == ("NOT_BILLED", "R35")
    assert delta.bill_to == "Delta Foods"


@pytest.mark.rule("R39")
def test_whoever_does_not_have_the_customer_in_its_list_edits_nothing_of_it(delta: Customer, lin: User) -> None:
    assert [code(accounts.why_not_edit(part, lin, delta)) for part in Part] == 2 * ["NO_RELATIONSHIP"]


@pytest.mark.rule("R35", "R56")
def test_whoever_sold_edits_the_bill_even_without_delegated_admin(delta: Customer, jonas: User) -> None:
    assert edit(delta, Part.BILLING, jonas, bill_to="Delta Foods Group") == ["bill_to"]
    assert delta.name == "Delta Foods"


@pytest.mark.rule("R35", "S8")
def test_whoever_sold_edits_the_bill_of_what_was_cancelled_until_it_is_gone(delta: Customer, jonas: User) -> None:
    [e3] = subscriptions.of_customer(delta)
    subscription_changes.cancel(e3, by=jonas)
    assert edit(delta, Part.BILLING, jonas, bill_to="Delta Foods Group") == ["bill_to"]
    assert e3.gone_at
    due.move_clock(e3.gone_at)
    assert code(accounts.why_not_edit(Part.BILLING, jonas, delta)) == "NOT_BILLED"


@pytest.mark.rule("P7")
@pytest.mark.usefixtures("lotus_knows_delta")
@pytest.mark.parametrize(
    ("name", "contact", "billing"),
    [
        ("Lin Chen", None, "NOT_BILLED"),
        ("Sara Blom", None, "NOT_BILLED"),
        ("Hugo Park", None, "ROLE"),
        ("Gao Rui", None, "NOT_BILLED"),
        ("Bea Novak", "ROLE", "ROLE"),
        ("Uma Iyer", "ROLE", "ROLE"),
    ],
)
def test_the_role_is_asked_before_the_sale(delta: Customer, name: str, contact: str | None, billing: str) -> None:
    user = the(User, name)
    contact_refusal, billing_refusal = (accounts.why_not_edit(part, user, delta) for part in Part)
    assert contact_refusal and contact_refusal.code if contact else contact_refusal is None
    assert billing_refusal
    assert billing_refusal.code == billing


def test_of_two_people_at_once_one_wins_and_the_other_reads_what_changed(delta: Customer, jonas: User) -> None:
    seen = accounts.facts_of(delta, Part.CONTACT)
    edit(delta, Part.CONTACT, jonas, contact_name="Didi Wang")
    with pytest.raises(EditedMeanwhile) as told:
        edit(delta, Part.CONTACT, jonas, seen=seen, contact_name="Erik Sun")
    assert told.value.changes == {"contact_name": ("Dana Weiss", "Didi Wang")}
    assert delta.contact_name == "Didi Wang"


def test_pressing_submit_twice_is_harmless(delta: Customer, jonas: User) -> None:
    seen = accounts.facts_of(delta, Part.CONTACT)
    typed = seen | {"contact_name": "Didi Wang"}
    assert accounts.edit(delta, Part.CONTACT, typed, seen=seen, by=jonas) == ["contact_name"]
    assert accounts.edit(delta, Part.CONTACT, typed, seen=seen, by=jonas) == []
    assert len(events(EventKind.EDIT_CUSTOMER)) == 1
