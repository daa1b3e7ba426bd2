"""The tie between one partner and one customer."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from shared.domain import acceptance, relationships
from shared.domain.history import EventKind
from shared.domain.invitations import Invitation
from shared.domain.organisations import Customer, Partner, PartnerKind
from shared.domain.relationships import Relationship, RelationshipType, SearchTerm, type_of
from shared.domain.services import Service
from shared.domain.users import User
from shared.extensions import db
from shared.world import clock, rooms
from shared.world.rooms import Room
from tests.builders import accepts
from tests.conftest import the
from tests.domain.conftest import Elsewhere, events

# Kind of partner; what the row is called with delegated admin, and without.
CALLED = {
    PartnerKind.DIRECT: (RelationshipType.RESELLER_AND_ADMIN, RelationshipType.RESELLER),
    PartnerKind.PROVIDER: (RelationshipType.RESELLER_AND_ADMIN, RelationshipType.RESELLER),
    PartnerKind.INDIRECT_RESELLER: (RelationshipType.DELEGATED_ADMIN, RelationshipType.DELEGATED_ADMIN),
    PartnerKind.ADVISOR: (RelationshipType.ADVISOR, RelationshipType.ADVISOR),
}


@pytest.mark.rule("R47")
@pytest.mark.parametrize("kind", PartnerKind)
def test_what_the_row_is_called_follows_from_tie_and_delegated_admin(kind: PartnerKind) -> None:
    partner = Partner(kind=kind)
    assert (type_of(partner, administers=True), type_of(partner, administers=False)) == CALLED[kind]


@pytest.mark.rule("R2", "R37")
def test_beginning_makes_the_tie_and_no_delegated_admin(lotus: Partner, kiln: Customer, elsewhere: Elsewhere) -> None:
    assert relationships.begin(lotus, kiln)
    tie = relationships.between(lotus, kiln)
    assert tie is not None
    assert tie.active
    assert relationships.between(lotus, kiln) is tie
    assert (tie.partner, tie.customer) == (lotus, kiln)


@pytest.mark.rule("R62", "R67")
def test_beginning_again_takes_up_the_old_tie(lotus: Partner, kiln: Customer) -> None:
    assert relationships.begin(lotus, kiln)
    tie = relationships.between(lotus, kiln)
    assert tie is not None
    tie.until = clock.now()
    assert not tie.active
    clock.advance(timedelta(days=300))
    assert relationships.begin(lotus, kiln)
    assert relationships.between(lotus, kiln) is tie
    assert tie.active
    assert tie.since == clock.now()
    assert len(db.session.scalars(select(Relationship).where(Relationship.partner_id == lotus.id)).all()) == 1


@pytest.mark.rule("R67")
def test_an_ended_relationship_is_re_established_with_the_normal_request(
    jade: Partner, delta: Customer, dana: User
) -> None:
    tie = relationships.between(jade, delta)
    assert tie is not None
    tie.until = clock.now()
    accepts(dana, jade)
    assert tie.active
    assert [event.partner for event in events(EventKind.ADD_RELATIONSHIP, delta)] == [jade]


@pytest.mark.rule("R62")
def test_the_database_keeps_one_row_for_each_pair(lotus: Partner, kiln: Customer) -> None:
    relationships.begin(lotus, kiln)
    db.session.add(Relationship(partner_id=lotus.id, customer_id=kiln.id, name_key="blue kiln"))
    with pytest.raises(IntegrityError):
        db.session.flush()


@pytest.mark.rule("R70", "R71")
def test_only_those_who_resell_keep_a_tie_without_delegated_admin(
    harbor: Partner, reed: Partner, kiln: Customer, mei: User
) -> None:
    acceptance.accept(Invitation(harbor, reed), {harbor: [], reed: [Service.SKYPE]}, by=mei)
    assert {row.partner for row in db.session.scalars(select(Relationship)) if row.customer is kiln} == {harbor, reed}


@pytest.mark.rule("R37")
def test_a_tie_is_filed_under_every_word_of_name_and_domain(lotus: Partner, kiln: Customer) -> None:
    assert relationships.begin(lotus, kiln)
    tie = relationships.between(lotus, kiln)
    assert tie is not None
    filed = db.session.scalars(select(SearchTerm.term).where(SearchTerm.relationship_id == tie.id))
    assert set(filed) == {"blue kiln", "kiln", "bluekiln.example", "example"}


@pytest.mark.rule("R2")
def test_a_tie_of_another_room_is_none_of_ours(lotus: Partner, kiln: Customer, room: Room) -> None:
    other = Elsewhere()
    with rooms.inside(other.room):
        relationships.begin(the(Partner, "Lotus Cloud"), the(Customer, "Blue Kiln"))
        db.session.flush()
    assert relationships.between(lotus, kiln) is None
