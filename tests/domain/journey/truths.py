"""What is true after every step, whatever people did."""

from hypothesis.stateful import invariant
from sqlalchemy import select

from shared.domain.history import Event, EventKind
from shared.domain.organisations import Customer, Partner
from shared.domain.partner_list import Shown, partners_of
from shared.domain.privileges import Privilege
from shared.domain.relationships import Relationship
from shared.domain.subscriptions import LIVE, Status, Subscription
from shared.domain.users import User
from shared.extensions import db
from shared.world.mailbox import Letter
from tests.domain.conftest import fingerprint

from .stage import Stage, Told

STATES = {
    EventKind.SUSPEND_SUBSCRIPTION: Status.SUSPENDED,
    EventKind.REACTIVATE_SUBSCRIPTION: Status.ACTIVE,
    EventKind.CANCEL_SUBSCRIPTION: Status.CANCELLED,
    EventKind.LAPSE_SUBSCRIPTION: Status.CANCELLED,
    EventKind.DELETE_SUBSCRIPTION: Status.DELETED,
}
HANDS = {EventKind.ASSIGN_LICENCE: 1, EventKind.UNASSIGN_LICENCE: -1}


class Truths(Stage):
    """The rules no journey may break."""

    @invariant()
    def no_service_has_two_transacting_holders(self) -> None:
        """R41."""
        query = select(Privilege.customer_id, Privilege.service).join(Privilege.partner)
        rows = db.session.execute(query.where(Privilege.until.is_(None), Partner.name.in_(self.transacting))).all()
        assert len(set(rows)) == len(rows)

    @invariant()
    def the_privileges_in_force_are_what_people_agreed(self) -> None:
        """R42, R51, R53, R62, R66."""
        query = select(Partner.name, Customer.name, Privilege.service).where(
            Privilege.until.is_(None), Partner.id == Privilege.partner_id, Customer.id == Privilege.customer_id
        )
        assert {tuple(row) for row in db.session.execute(query)} == self.held

    @invariant()
    def a_reseller_relationship_survives_every_removal_and_others_stand_while_they_administer(self) -> None:
        """R55, R61, R67, R71."""
        query = select(Partner.name, Customer.name).where(
            Relationship.until.is_(None), Partner.id == Relationship.partner_id, Customer.id == Relationship.customer_id
        )
        assert {tuple(row) for row in db.session.execute(query)} == self.related
        assert {holding[:2] for holding in self.held} <= self.related

    @invariant()
    def a_customers_list_picks_out_whom_its_rows_say_administer(self) -> None:
        """R45."""
        for name, customer in self.customers.items():
            rows, picked = partners_of(customer).rows, partners_of(customer, shown=Shown.ADMINS).rows
            administering = {partner for partner, where, _service in self.held if where == name}
            assert {row.partner.name for row in rows if row.administers} == administering
            assert {row.partner.name for row in picked} == administering

    @invariant()
    def history_tells_exactly_how_it_is(self) -> None:
        """R81: played again from its first line."""
        told = select(Event).where(Event.id > self.events_read, Event.refused.is_(None)).order_by(Event.id)
        for event in db.session.scalars(told):
            self.events_read = event.id
            self._hear(event)
        assert self.told_held == self.held
        assert self.told_related == self.related
        assert {one.id: how for one, how in self.as_it_is().items()} == self.bought

    def _hear(self, event: Event) -> None:
        pair = event.partner and event.customer and (event.partner.name, event.customer.name)
        if event.kind in (EventKind.GRANT_DAP, EventKind.END_DAP):
            assert pair
            assert event.service
            holding = (*pair, event.service)
            assert (holding in self.told_held) == (event.kind is EventKind.END_DAP)
            self.told_held ^= {holding}
        elif event.kind in (EventKind.ADD_RELATIONSHIP, EventKind.ADD_CUSTOMER, EventKind.END_RELATIONSHIP):
            assert pair
            assert (pair in self.told_related) == (event.kind is EventKind.END_RELATIONSHIP)
            self.told_related ^= {pair}
        elif event.subscription_id and event.kind is not EventKind.UPGRADE_SUBSCRIPTION:
            self._hear_of_a_subscription(event, event.subscription_id)

    def _hear_of_a_subscription(self, event: Event, number: int) -> None:
        if event.kind is EventKind.ORDER:
            assert number not in self.bought
            self.bought[number] = Told(event.facts["new"], Status.ACTIVE, 0)
        one = self.bought[number]
        if event.facts.get("what") == "seats":
            assert event.facts["old"] == one.seats
            one.seats = event.facts["new"]
        one.status = STATES.get(event.kind, one.status)
        one.licences += HANDS.get(event.kind, 0) - event.facts.get("freed", 0)

    @invariant()
    def no_more_licences_than_seats_and_none_of_what_has_ended(self) -> None:
        """S3, S5, S7, S8."""
        for one, how in self.as_it_is().items():
            assert how.licences <= (how.seats if one.is_live else 0), how

    @invariant()
    def the_original_reseller_never_changes(self) -> None:
        """R3."""
        for one in self.as_it_is():
            assert self.sellers.setdefault(one.id, one.seller_id) == one.seller_id

    @invariant()
    def an_add_on_lives_no_longer_than_its_base_and_as_it_does(self) -> None:
        """S4."""
        for one in self.as_it_is():
            if one.base and one.is_live:
                as_its_base = (one.base.status, one.base.ends_on, one.base.auto_renew)
                assert (one.status, one.ends_on, one.auto_renew) == as_its_base

    @invariant()
    def the_database_and_the_page_agree_on_what_is_live(self) -> None:
        """S9."""
        assert set(db.session.scalars(select(Subscription.id).where(LIVE))) == {
            one.id for one in self.as_it_is() if one.is_live
        }

    @invariant()
    def letters_went_to_whom_they_should_and_never_out_of_the_room(self) -> None:
        """R18, R30, R42, R60, R66."""
        table, users = Letter.__table__.c, User.__table__.c
        new = select(table.id, table.kind, users.name, users.room_id, table.room_id).where(
            users.id == table.to_id, table.id > self.letters_read, table.room_id == self.room.id
        )
        arrived = db.session.connection().execute(new).all()
        assert sorted((row.kind, row.name) for row in arrived) == sorted(self.expected_post)
        assert all(row[3] == row[4] == self.room.id for row in arrived)
        self.letters_read = max((row.id for row in arrived), default=self.letters_read)
        self.expected_post = []

    @invariant()
    def another_room_is_as_it_was(self) -> None:
        """Isolation."""
        assert fingerprint(self.elsewhere) == self.far_away
