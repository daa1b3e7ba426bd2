"""What a customer sees of its partners."""

import pytest

from shared.domain import acceptance, relationships, revocation
from shared.domain.invitations import Invitation
from shared.domain.organisations import Customer, Partner
from shared.domain.partner_list import PartnerRow, Shown, partners_of, row_of
from shared.domain.privileges import EndReason
from shared.domain.relationships import RelationshipType
from shared.domain.services import Service
from shared.domain.users import User
from shared.world import clock, rooms
from shared.world.pages import SIZE
from shared.world.rooms import Room
from tests.builders import accepts
from tests.conftest import the
from tests.domain.conftest import Elsewhere, rival

EXCHANGE, SHAREPOINT, SKYPE = Service.EXCHANGE, Service.SHAREPOINT, Service.SKYPE


def names(customer: Customer, **asked: object) -> list[str]:
    """Whom the first page shows."""
    return [row.partner.name for row in partners_of(customer, **asked).rows]  # type: ignore[arg-type]


@pytest.mark.rule("R44", "R45", "R46")
def test_all_partners_stand_there_with_what_each_sells_and_administers(
    lotus: Partner, jade: Partner, willow: Partner, delta: Customer, dana: User, elsewhere: Elsewhere
) -> None:
    accepts(dana, lotus, EXCHANGE)
    accepts(dana, willow, EXCHANGE)
    rows = {row.partner.name: row for row in partners_of(delta).rows}
    assert list(rows) == ["Jade IT", "Lotus Cloud", "Willow Advisory"]
    assert [row.services for row in rows.values()] == [[SHAREPOINT, SKYPE], [EXCHANGE], [EXCHANGE]]
    assert [row.sold for row in rows.values()] == [1, 0, 0]
    assert rows["Jade IT"].held[EXCHANGE].ended_by is EndReason.MOVED


@pytest.mark.rule("R44")
def test_where_nobody_is_a_partner_there_is_nothing(kiln: Customer) -> None:
    assert partners_of(kiln).rows == []


@pytest.mark.rule("R47")
def test_each_row_is_called_by_what_it_is(
    lotus: Partner, willow: Partner, harbor: Partner, reed: Partner, kiln: Customer, mei: User
) -> None:
    accepts(mei, willow, EXCHANGE)
    accepts(mei, lotus, EXCHANGE)
    revocation.revoke(lotus, [EXCHANGE], by=mei)
    acceptance.accept(Invitation(harbor, reed), {harbor: [SKYPE], reed: [SKYPE]}, by=mei)
    assert {row.partner.name: row.type for row in partners_of(kiln).rows} == {
        "Harbor Distribution": RelationshipType.RESELLER_AND_ADMIN,
        "Lotus Cloud": RelationshipType.RESELLER,
        "Reed Services": RelationshipType.DELEGATED_ADMIN,
        "Willow Advisory": RelationshipType.ADVISOR,
    }


@pytest.mark.rule("R47")
def test_ended_rows_are_shown_only_when_asked_for(jade: Partner, willow: Partner, delta: Customer, dana: User) -> None:
    accepts(dana, willow, SKYPE)
    revocation.delete_partner(willow, by=dana)
    assert names(delta) == ["Jade IT"]
    assert names(delta, shown=Shown.ENDED) == ["Willow Advisory"]


@pytest.mark.rule("R45")
def test_those_with_delegated_admin_can_be_picked_out(
    jade: Partner, lotus: Partner, delta: Customer, dana: User
) -> None:
    accepts(dana, lotus)
    assert names(delta) == ["Jade IT", "Lotus Cloud"]
    assert names(delta, shown=Shown.ADMINS) == ["Lotus Cloud"]


@pytest.mark.rule("R46")
@pytest.mark.parametrize(("wanted", "shown"), [("jade", ["Jade IT"]), ("T", ["Jade IT", "Lotus Cloud"]), ("%", [])])
def test_partners_are_found_by_part_of_their_name(
    wanted: str, shown: list[str], lotus: Partner, delta: Customer, dana: User
) -> None:
    accepts(dana, lotus, SKYPE)
    assert names(delta, wanted=wanted) == shown


@pytest.mark.rule("R48", "R55")
def test_one_row_can_be_opened_active_or_ended(
    jade: Partner, willow: Partner, delta: Customer, dana: User, elsewhere: Elsewhere
) -> None:
    accepts(dana, willow, SKYPE)
    revocation.revoke_everywhere(by=dana)
    jades, willows = row_of(delta, jade.microsoft_id), row_of(delta, willow.microsoft_id)
    assert jades is not None
    assert willows is not None
    assert (jades.relationship.active, willows.relationship.active) == (True, False)
    assert (jades.type, jades.services, set(jades.held)) == (RelationshipType.RESELLER, [], set(Service))


@pytest.mark.rule("R48")
def test_a_partner_one_never_met_has_no_row(lotus: Partner, delta: Customer) -> None:
    assert row_of(delta, lotus.microsoft_id) is None
    assert row_of(delta, "no such id") is None


@pytest.mark.rule("R45")
def test_partners_of_another_customer_do_not_mix_in(jade: Partner, kiln: Customer, mei: User, delta: Customer) -> None:
    accepts(mei, jade, EXCHANGE)
    [row] = partners_of(kiln).rows
    assert (row.services, row.sold) == ([EXCHANGE], 0)


@pytest.mark.rule("R45")
def test_pages_visit_every_partner_once(delta: Customer, elsewhere: Elsewhere) -> None:
    made = [rival(f"Cloud {number % 20:02}") for number in range(2 * SIZE)]
    for partner in made:
        relationships.begin(partner, delta)
    page = partners_of(delta)
    rows: list[PartnerRow] = list(page.rows)
    while page.next:
        page = partners_of(delta, after=page.next)
        rows += page.rows
    assert len(rows) == len({row.partner.id for row in rows}) == len(made) + 1
    assert [row.partner.name for row in rows] == sorted(row.partner.name for row in rows)


@pytest.mark.rule("R45")
def test_partners_of_another_room_are_not_shown_here(kiln: Customer, room: Room) -> None:
    other = Elsewhere()
    with rooms.inside(other.room):
        accepts(the(User, "Mei Zhou"), the(Partner, "Lotus Cloud"))
    assert partners_of(kiln).rows == []


@pytest.mark.rule("R47")
def test_an_ended_reseller_is_listed_as_ended_too(jade: Partner, delta: Customer) -> None:
    tie = relationships.between(jade, delta)
    assert tie is not None
    tie.until = clock.now()
    assert names(delta) == []
    assert names(delta, shown=Shown.ENDED) == ["Jade IT"]
