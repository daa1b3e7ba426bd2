"""A customer takes delegated admin back."""

import pytest

from shared.domain import acceptance, customer_list, history, privileges, relationships, revocation
from shared.domain.history import EventKind
from shared.domain.invitations import Invitation
from shared.domain.organisations import Customer, Partner
from shared.domain.partner_list import row_of
from shared.domain.privileges import EndReason
from shared.domain.refusals import Code, Refusal
from shared.domain.relationships import RelationshipType
from shared.domain.services import Service
from shared.domain.users import User
from shared.world.rooms import Room
from tests.builders import accepts
from tests.conftest import the
from tests.domain.conftest import Elsewhere, events, fingerprint, letters, readers

EXCHANGE, SHAREPOINT, SKYPE = Service.EXCHANGE, Service.SHAREPOINT, Service.SKYPE


@pytest.mark.rule("R51", "R53", "R54")
def test_one_service_is_taken_back_at_once_and_the_others_stay(
    jade: Partner, delta: Customer, dana: User, elsewhere: Elsewhere
) -> None:
    assert revocation.revoke(jade, [EXCHANGE], by=dana) == [EXCHANGE]
    assert revocation.why_not_any(delta, jade) is None
    assert privileges.held_by(jade, delta) == {SHAREPOINT, SKYPE}
    assert EXCHANGE not in privileges.holders(delta)


@pytest.mark.rule("R51", "R53", "R54")
def test_everything_of_one_partner_is_taken_back_and_other_partners_keep_theirs(
    jade: Partner, lotus: Partner, willow: Partner, delta: Customer, dana: User, elsewhere: Elsewhere
) -> None:
    accepts(dana, lotus, SKYPE)
    accepts(dana, willow, EXCHANGE)
    revocation.revoke(jade, list(Service), by=dana)
    assert privileges.held_by(jade, delta) == set()
    assert privileges.held_by(lotus, delta) == {SKYPE}
    assert privileges.held_by(willow, delta) == {EXCHANGE}


@pytest.mark.rule("R51", "R53")
def test_removing_from_all_partners_does_every_row(
    jade: Partner, lotus: Partner, willow: Partner, delta: Customer, dana: User, elsewhere: Elsewhere
) -> None:
    accepts(dana, lotus, SKYPE)
    accepts(dana, willow, EXCHANGE)
    ended = revocation.revoke_everywhere(by=dana)
    assert ended == {jade: [EXCHANGE, SHAREPOINT], lotus: [SKYPE], willow: [EXCHANGE]}
    assert not any(privilege.in_force for privilege in privileges.privileges_on(delta))


@pytest.mark.rule("R53")
def test_removing_from_all_partners_reaches_no_other_customer(
    jade: Partner, kiln: Customer, mei: User, dana: User
) -> None:
    accepts(mei, jade)
    revocation.revoke_everywhere(by=dana)
    assert privileges.held_by(jade, kiln) == set(Service)


@pytest.mark.rule("R53")
def test_removing_where_nobody_administers_does_nothing(kiln: Customer, mei: User, room: Room) -> None:
    before = fingerprint(room)
    nothing = revocation.why_not_any(kiln)
    assert nothing
    assert nothing.code is Code.NOTHING_HELD
    assert revocation.revoke_everywhere(by=mei) == {}
    assert fingerprint(room) == before


@pytest.mark.rule("R53")
@pytest.mark.parametrize(
    "name", ["Bo Lindt", "Ulla Maas", "Hal Brandt", "Nora Quist", "Lin Chen", "Gao Rui", "Wilma Kern"]
)
def test_only_a_global_admin_of_the_tenant_takes_back(name: str, lotus: Partner, mei: User, room: Room) -> None:
    accepts(mei, lotus)
    before, user = fingerprint(room), the(User, name)
    for attempt in (
        lambda: revocation.revoke(lotus, [EXCHANGE], by=user),
        lambda: revocation.revoke_everywhere(by=user),
        lambda: revocation.delete_partner(the(Partner, "Willow Advisory"), by=user),
    ):
        with pytest.raises(Refusal) as no:
            attempt()
        assert (no.value.code, no.value.rule) == (Code.ROLE, "R53")
    assert fingerprint(room) == before


@pytest.mark.rule("R53")
def test_a_global_admin_takes_back_from_the_own_tenant_alone(jade: Partner, delta: Customer, mei: User) -> None:
    assert revocation.revoke(jade, list(Service), by=mei) == []
    assert privileges.held_by(jade, delta) == set(Service)


@pytest.mark.rule("R54")
def test_taking_back_twice_is_harmless_and_tells_nobody_again(jade: Partner, dana: User) -> None:
    revocation.revoke(jade, [EXCHANGE], by=dana)
    post = len(letters())
    assert revocation.revoke(jade, [EXCHANGE], by=dana) == []
    assert len(letters()) == post
    assert len(events(EventKind.END_DAP)) == 1


@pytest.mark.rule("R2", "R55")
def test_the_reseller_relationship_stays_and_the_row_says_reseller(
    jade: Partner, delta: Customer, dana: User, elsewhere: Elsewhere
) -> None:
    revocation.revoke_everywhere(by=dana)
    row = row_of(delta, jade.microsoft_id)
    assert row is not None
    assert row.relationship.active
    assert (row.type, row.services, row.sold) == (RelationshipType.RESELLER, [], 1)
    assert events(EventKind.END_RELATIONSHIP) == []


@pytest.mark.rule("R56", "R57", "R3")
def test_subscriptions_their_seller_and_the_tie_carry_on(
    jade: Partner, delta: Customer, dana: User, room: Room
) -> None:
    before, tie = fingerprint(room), relationships.between(jade, delta)
    assert tie is not None
    revocation.revoke(jade, list(Service), by=dana)
    after = fingerprint(room)
    assert after["Subscription"] == before["Subscription"]
    assert (tie.active, tie.since) == (True, relationships.between(jade, delta).since)  # type: ignore[union-attr]


@pytest.mark.rule("R59")
def test_the_partner_still_sees_the_customer_with_the_day_and_the_reason(
    jade: Partner, delta: Customer, dana: User
) -> None:
    revocation.revoke(jade, [EXCHANGE], by=dana)
    [row] = customer_list.listed(jade).rows
    assert row.name == "Delta Foods"
    assert row.services == [SHAREPOINT, SKYPE]
    assert row.held[EXCHANGE].ended_by is EndReason.REMOVED
    assert row.held[EXCHANGE].until == privileges.of_pair(jade, delta)[EXCHANGE].until


@pytest.mark.rule("R60")
def test_both_sides_get_one_letter_that_names_what_ended(
    jade: Partner, delta: Customer, dana: User, elsewhere: Elsewhere
) -> None:
    revocation.revoke(jade, [SKYPE, EXCHANGE], by=dana)
    assert readers("removed") == sorted([the(User, "Jonas Falk").id, dana.id])
    facts = {"partner": jade.id, "customer": delta.id, "by": dana.id, "services": ["exchange", "skype"], "left": False}
    assert [letter.facts for letter in letters("removed")] == [facts, facts]


@pytest.mark.rule("R60")
def test_removing_from_all_tells_each_partner_of_its_own_services(
    jade: Partner, lotus: Partner, dana: User, lin: User
) -> None:
    accepts(dana, lotus, SKYPE)
    revocation.revoke_everywhere(by=dana)
    told = {letter.to_id: letter.facts["services"] for letter in letters("removed") if letter.to_id != dana.id}
    assert told == {lin.id: ["skype"], the(User, "Jonas Falk").id: ["exchange", "sharepoint"]}


@pytest.mark.rule("R60", "R81")
def test_both_sides_find_the_end_in_their_log(jade: Partner, delta: Customer, dana: User) -> None:
    revocation.revoke(jade, [EXCHANGE], by=dana)
    for newest in (history.of_partner(jade).rows[0], history.of_customer(delta).rows[0]):
        assert (newest.kind, newest.by, newest.service) == (EventKind.END_DAP, dana, EXCHANGE)
        assert newest.facts == {"reason": "removed"}


@pytest.mark.rule("R61")
def test_a_reseller_cannot_be_deleted_by_the_customer(
    jade: Partner, harbor: Partner, delta: Customer, dana: User, room: Room
) -> None:
    accepts(dana, harbor, SKYPE)
    before = fingerprint(room)
    for partner in (jade, harbor):
        with pytest.raises(Refusal) as no:
            revocation.delete_partner(partner, by=dana)
        assert (no.value.code, no.value.facts["partner"]) == (Code.STILL_RESELLER, partner)
    assert fingerprint(room) == before


@pytest.mark.rule("R61")
def test_a_reseller_without_delegated_admin_cannot_be_deleted_either(
    jade: Partner, delta: Customer, dana: User
) -> None:
    revocation.revoke_everywhere(by=dana)
    refusal = revocation.why_not_delete(jade, delta)
    assert refusal is not None
    assert refusal.code is Code.STILL_RESELLER


@pytest.mark.rule("R61")
def test_an_advisor_can_be_deleted_and_its_rights_go_with_it(
    willow: Partner, kiln: Customer, mei: User, elsewhere: Elsewhere
) -> None:
    accepts(mei, willow)
    revocation.delete_partner(willow, by=mei)
    tie = relationships.between(willow, kiln)
    assert tie is not None
    assert not tie.active
    assert privileges.held_by(willow, kiln) == set()
    assert [event.partner for event in events(EventKind.END_RELATIONSHIP)] == [willow]


@pytest.mark.rule("R61", "R71")
def test_a_delegated_administrator_can_be_deleted_while_its_provider_stays(
    harbor: Partner, reed: Partner, kiln: Customer, mei: User
) -> None:
    acceptance.accept(Invitation(harbor, reed), {harbor: [EXCHANGE], reed: [EXCHANGE]}, by=mei)
    revocation.delete_partner(reed, by=mei)
    tie = relationships.between(harbor, kiln)
    assert tie is not None
    assert tie.active
    assert privileges.held_by(harbor, kiln) == {EXCHANGE}


@pytest.mark.rule("R47", "R51")
def test_an_advisor_is_off_the_list_when_its_last_service_is_taken_back(
    willow: Partner, kiln: Customer, mei: User
) -> None:
    accepts(mei, willow, EXCHANGE, SKYPE)
    revocation.revoke(willow, [EXCHANGE], by=mei)
    assert [row.name for row in customer_list.listed(willow).rows] == ["Blue Kiln"]
    revocation.revoke(willow, [SKYPE], by=mei)
    assert not customer_list.listed(willow).rows
