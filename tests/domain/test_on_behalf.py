"""Partner's people inside a customer's tenant: who, as what, on which services, and until when."""

from typing import Any

import pytest

from shared.domain import acceptance, ending, history, invitations, licences, on_behalf, revocation, staff
from shared.domain.history import EventKind
from shared.domain.invitations import Invitation
from shared.domain.organisations import Customer, Partner
from shared.domain.permissions import Permission, Role
from shared.domain.refusals import Refusal
from shared.domain.services import Service
from shared.domain.subscriptions import Subscription
from shared.domain.users import User
from shared.extensions import db
from tests.builders import accepts, adds
from tests.conftest import the
from tests.domain.conftest import code, events


@pytest.mark.rule("R36", "P6")
@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("Lin Chen", Role.GLOBAL_ADMIN),
        ("Hugo Park", Role.HELPDESK_ADMIN),
        ("Sara Blom", None),
        ("Gao Rui", None),
        ("Bea Novak", None),
    ],
)
def test_the_agent_setting_says_what_one_is_there(
    kiln: Customer, lotus: Partner, mei: User, name: str, role: Role | None
) -> None:
    accepts(mei, lotus)
    user = the(User, name)
    refusal = on_behalf.why_not_enter(user, kiln)
    if role is None:
        assert refusal
        assert (refusal.code, refusal.rule) == ("ROLE", "R36")
    else:
        assert refusal is None
        assert on_behalf.standing(user, kiln.microsoft_id).role is role


@pytest.mark.rule("R6", "R58")
def test_one_service_opens_the_door_and_the_others_stay_shut(
    kiln: Customer, lotus: Partner, mei: User, lin: User
) -> None:
    accepts(mei, lotus, Service.EXCHANGE)
    assert on_behalf.why_not_enter(lin, kiln, Service.EXCHANGE) is None
    refusal = on_behalf.why_not_enter(lin, kiln, Service.SKYPE)
    assert refusal
    assert (refusal.code, refusal.rule) == ("NO_DAP", "R58")
    assert on_behalf.standing(lin, kiln.microsoft_id).services == {Service.EXCHANGE}


@pytest.mark.rule("R54")
@pytest.mark.parametrize("how", ["revoked", "ended", "demoted", "moved"])
def test_it_is_over_at_the_next_click(
    kiln: Customer, lotus: Partner, jade: Partner, mei: User, lin: User, how: str, elsewhere: Any
) -> None:
    accepts(mei, lotus)
    assert on_behalf.standing(lin, kiln.microsoft_id)
    if how == "revoked":
        revocation.revoke(lotus, list(Service), by=mei)
    elif how == "ended":
        ending.remove(kiln, by=the(User, "Gao Rui"))
    elif how == "moved":
        accepts(mei, jade)
    else:
        lin.agent = Role.SALES_AGENT
    with pytest.raises(Refusal) as told:
        on_behalf.standing(lin, kiln.microsoft_id)
    assert (told.value.code, told.value.rule) == ("SHUT_OUT", "R54")


def acting(user: User, customer: Customer) -> User:
    """This person, inside that tenant."""
    user.act(on_behalf.standing(user, customer.microsoft_id))
    return user


@pytest.mark.rule("R24", "R53")
def test_nobody_accepts_or_removes_on_behalf_of_the_customer(
    kiln: Customer, lotus: Partner, jade: Partner, mei: User, lin: User
) -> None:
    accepts(mei, lotus)
    there = acting(lin, kiln)
    assert not there.may(Permission.ACCEPT_INVITATION)
    assert not there.may(Permission.REMOVE_PRIVILEGES)
    for partner in (jade, lotus):
        refusal = invitations.why_not_answer(Invitation(partner), there)
        assert refusal
        assert (refusal.code, refusal.rule) == ("NOT_ON_BEHALF", "R24")
        with pytest.raises(Refusal):
            acceptance.accept(Invitation(partner), {partner: [Service.SKYPE]}, by=there)
    with pytest.raises(Refusal) as told:
        revocation.revoke(lotus, [Service.SKYPE], by=there)
    assert (told.value.code, told.value.rule) == ("NOT_ON_BEHALF", "R53")


@pytest.mark.rule("R36", "R81")
def test_what_is_done_there_is_in_both_logs_under_the_partners_name(
    kiln: Customer, lotus: Partner, mei: User, lin: User
) -> None:
    accepts(mei, lotus)
    on_behalf.enter(kiln, Service.EXCHANGE, by=lin)
    added, _temporary = adds(kiln, "Ned Ives", "ned@bluekiln.example", admin=None, by=acting(lin, kiln))
    [entered], [created] = events(EventKind.WORK_ON_BEHALF), events(EventKind.ADD_CUSTOMER_USER)
    assert {entered.by, created.by} == {lin}
    for event in (entered, created):
        assert event in history.of_partner(lotus).rows
        assert event in history.of_customer(kiln).rows
    assert added.customer is kiln
    assert db.session.query(User).filter_by(customer_id=kiln.id, name="Lin Chen").count() == 0


@pytest.mark.rule("R36", "R6")
def test_licences_are_given_only_of_what_is_held(kiln: Customer, lotus: Partner, mei: User, lin: User) -> None:
    accepts(mei, lotus, Service.SKYPE)
    files = Subscription(customer=kiln, seller=None, offer_key="proplus", seats=3)
    mail = Subscription(customer=kiln, seller=None, offer_key="e3", seats=3)
    db.session.add_all([files, mail])
    db.session.flush()
    there, nora = acting(lin, kiln), the(User, "Nora Quist")
    assert licences.assign(nora, mail, by=there)
    with pytest.raises(Refusal) as told:
        licences.assign(nora, files, by=there)
    assert told.value.code == "NO_DAP"


@pytest.mark.rule("R36")
def test_a_helpdesk_agent_resets_passwords_there_and_adds_nobody(kiln: Customer, lotus: Partner, mei: User) -> None:
    accepts(mei, lotus)
    hugo = acting(the(User, "Hugo Park"), kiln)
    assert hugo.may(Permission.RESET_PASSWORDS)
    assert staff.why_not_manage(kiln, by=hugo)
    # Whom nobody there could remove or demote either is no business of another role's (P3).
    assert code(staff.why_not_remove(the(User, "Bo Lindt"), by=hugo)) == "NOT_ON_BEHALF"
    assert code(staff.why_not_remove(the(User, "Nora Quist"), by=hugo)) == "ROLE"
