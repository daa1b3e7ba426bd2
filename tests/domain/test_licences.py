"""Which of a customer's people use which subscription."""

import pytest

from shared.domain import licences, staff, subscriptions
from shared.domain.history import EventKind
from shared.domain.organisations import Customer, Partner
from shared.domain.refusals import Code, Refusal
from shared.domain.services import Service
from shared.domain.subscriptions import Subscription
from shared.domain.users import User
from shared.extensions import db
from shared.world import clock
from tests.builders import accepts, buys
from tests.conftest import the
from tests.domain.conftest import Elsewhere, code, events


@pytest.fixture
def nora(kiln: Customer) -> User:
    """A plain user of Blue Kiln."""
    return the(User, "Nora Quist")


@pytest.fixture
def ulla(kiln: Customer) -> User:
    """Its User management admin."""
    return the(User, "Ulla Maas")


@pytest.fixture
def bought(kiln: Customer) -> Subscription:
    """A fresh subscription of Blue Kiln with two seats."""
    return buys(kiln, "e3", seats=2)


@pytest.mark.rule("S5")
def test_a_licence_is_given_and_taken_back(
    bought: Subscription, nora: User, ulla: User, kiln: Customer, elsewhere: Elsewhere
) -> None:
    licences.assign(nora, bought, by=ulla)
    assert licences.assigned(bought) == 1
    assert bought in [licence.subscription for licence in licences.of_user(nora)]
    assert licences.unassign(nora, bought, by=ulla) is True
    assert licences.unassign(nora, bought, by=ulla) is False
    assert licences.assigned(bought) == 0
    [given], [taken] = events(EventKind.ASSIGN_LICENCE, kiln), events(EventKind.UNASSIGN_LICENCE, kiln)
    assert given.facts == taken.facts == {"person": "Nora Quist"}
    assert given.subscription is bought


@pytest.mark.rule("S5")
def test_no_more_licences_than_seats_and_no_person_twice(
    bought: Subscription, nora: User, ulla: User, mei: User
) -> None:
    licences.assign(nora, bought, by=ulla)
    assert code(licences.why_not_assign(nora, bought, by=ulla)) is Code.HAS_LICENCE
    licences.assign(mei, bought, by=ulla)
    with pytest.raises(Refusal) as refused:
        licences.assign(ulla, bought, by=ulla)
    assert refused.value.code is Code.NO_FREE_SEAT
    assert refused.value.facts["seats"] == 2


@pytest.mark.rule("S5")
def test_whoever_has_left_gets_none(bought: Subscription, nora: User, mei: User) -> None:
    staff.remove(nora, by=mei)
    assert code(licences.why_not_assign(nora, bought, by=mei)) is Code.OTHER_TENANT


@pytest.mark.rule("S6", "S9")
def test_only_an_active_subscription_is_assigned_but_any_licence_can_be_taken_back(
    bought: Subscription, nora: User, ulla: User, mei: User
) -> None:
    licences.assign(nora, bought, by=ulla)
    bought.suspended_at = clock.now()
    assert code(licences.why_not_assign(mei, bought, by=ulla)) is Code.NOT_ACTIVE
    assert licences.unassign(nora, bought, by=ulla) is True


@pytest.mark.rule("S5", "R36", "R58")
@pytest.mark.parametrize(
    ("name", "refused"),
    [
        ("Mei Zhou", None),
        ("Ulla Maas", None),
        ("Bo Lindt", Code.ROLE),
        ("Hal Brandt", Code.ROLE),
        ("Nora Quist", Code.ROLE),
        ("Dana Weiss", Code.OTHER_TENANT),
        ("Lin Chen", None),
        ("Sara Blom", Code.ROLE),
        ("Hugo Park", Code.ROLE),
        ("Gao Rui", Code.ROLE),
        ("Jonas Falk", Code.NO_DAP),
    ],
)
def test_who_gives_licences(
    bought: Subscription, nora: User, mei: User, lotus: Partner, name: str, refused: Code | None
) -> None:
    accepts(mei, lotus, Service.EXCHANGE)
    by = the(User, name)
    assert code(licences.why_not_assign(nora, bought, by=by)) is refused
    assert code(licences.why_not_manage(bought, by=by)) is refused


@pytest.mark.rule("R6")
def test_a_partner_gives_licences_of_the_services_it_holds_alone(
    kiln: Customer, nora: User, mei: User, lin: User, lotus: Partner
) -> None:
    accepts(mei, lotus, Service.EXCHANGE)
    project = buys(kiln, "project_premium")
    assert code(licences.why_not_assign(nora, project, by=lin)) is Code.NO_DAP


@pytest.mark.rule("R1")
def test_another_tenants_person_gets_none(bought: Subscription, dana: User, ulla: User) -> None:
    assert code(licences.why_not_assign(dana, bought, by=ulla)) is Code.OTHER_TENANT


@pytest.mark.rule("S7")
def test_licences_go_with_their_person_and_are_freed_with_their_subscription(
    bought: Subscription, nora: User, mei: User, ulla: User
) -> None:
    licences.assign(nora, bought, by=ulla)
    licences.assign(mei, bought, by=ulla)
    db.session.delete(nora)
    db.session.flush()
    assert licences.assigned(bought) == 1
    assert licences.free(bought) == 1
    assert licences.assigned(bought) == 0


@pytest.mark.rule("S6")
def test_a_plain_user_is_locked_out_when_everything_licensed_is_suspended(
    bought: Subscription, nora: User, mei: User, ulla: User, kiln: Customer
) -> None:
    [e1] = [licence.subscription for licence in licences.of_user(nora)]
    licences.assign(nora, bought, by=ulla)
    e1.suspended_at = clock.now()
    assert licences.why_not_sign_in(nora) is None
    bought.suspended_at = clock.now()
    assert code(licences.why_not_sign_in(nora)) is Code.LOCKED_OUT
    assert licences.why_not_sign_in(mei) is None
    e1.suspended_at = None
    assert licences.why_not_sign_in(nora) is None


def depend(subscription: Subscription) -> int:
    """How many people can sign in for it and its add-ons alone."""
    return licences.depend_on(subscription, subscriptions.add_ons_of(subscription))


@pytest.mark.rule("S6", "S4")
def test_as_many_depend_on_a_subscription_as_its_suspension_locks_out(
    bought: Subscription, nora: User, ulla: User, mei: User, kiln: Customer, elsewhere: Elsewhere
) -> None:
    [e1] = [licence.subscription for licence in licences.of_user(nora)]
    assert (depend(e1), depend(bought)) == (1, 0)
    licences.assign(nora, bought, by=ulla)
    licences.assign(mei, bought, by=ulla)
    assert (depend(e1), depend(bought)) == (0, 0)
    bought.suspended_at = clock.now()
    assert (depend(e1), depend(bought)) == (1, 0)
    e1.suspended_at = clock.now()
    assert (depend(e1), depend(bought)) == (1, 1)
    bought.base = e1
    e1.suspended_at = bought.suspended_at = None
    assert (depend(e1), depend(bought)) == (1, 0)
    staff.remove(nora, by=mei)
    assert depend(e1) == 0


@pytest.mark.rule("S6")
def test_whoever_has_no_licence_is_not_locked_out(kiln: Customer) -> None:
    newcomer = User(name="New", email="new@bluekiln.example", customer=kiln)
    db.session.add(newcomer)
    db.session.flush()
    assert licences.why_not_sign_in(newcomer) is None
