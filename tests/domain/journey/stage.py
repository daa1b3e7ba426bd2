"""Where every journey takes place: a room, its people, and the few facts a journey keeps for itself."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from types import EllipsisType
from typing import Any, ClassVar, TypeVar

from hypothesis import assume
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from hypothesis.strategies import SearchStrategy
from sqlalchemy import func, select

from shared.domain import acceptance, history, licences, orders, subscription_changes
from shared.domain.history import EventKind
from shared.domain.invitations import Invitation
from shared.domain.licences import Licence
from shared.domain.offers import OFFERS
from shared.domain.organisations import Customer, Partner
from shared.domain.permissions import Role
from shared.domain.refusals import Code, Refusal
from shared.domain.services import Service
from shared.domain.subscriptions import Status, Subscription
from shared.domain.users import User
from shared.extensions import db
from shared.world import database, rooms
from shared.world.mailbox import Letter
from shared.world.rooms import Here, Room
from tests.builders import accepts
from tests.conftest import furnished_room
from tests.domain.conftest import fingerprint

Holding = tuple[str, str, Service]  # partner, customer, service, by name
PARTNERS = ("Lotus Cloud", "Jade IT", "Harbor Distribution", "Reed Services", "Willow Advisory")
PROVIDER, RESELLER = "Harbor Distribution", "Reed Services"
HEADS = {"Lotus Cloud": "Gao Rui", "Jade IT": "Jun Arp", PROVIDER: "Hedda Moe", RESELLER: "Rolf Enz"}
SERVICES = st.sets(st.sampled_from(Service))
Act = TypeVar("Act", bound=Callable[..., None])


def act(**choices: SearchStrategy[Any]) -> Callable[[Act], Act]:
    """Something people do, with what they may choose.

    A rule of its own would be switched off in half of all journeys, and rare things would hardly ever meet.
    """

    def mark(done: Act) -> Act:
        done.choices = st.fixed_dictionaries(choices)  # type: ignore[attr-defined]
        return done

    return mark


@dataclass
class Told:
    """One subscription as history tells it."""

    seats: int
    status: Status
    licences: int


class Stage(RuleBasedStateMachine):
    """Knows who holds what, who is related to whom, who is suspended, and what history has told so far."""

    elsewhere: ClassVar[Here]
    done: ClassVar[Counter[str]]
    acts: ClassVar[list[str]]

    def __init_subclass__(cls) -> None:
        """Knows every act of all that a journey is made of."""
        cls.acts = [name for name in dir(cls) if hasattr(getattr(cls, name, None), "choices")]

    @initialize(any_journey=st.booleans())
    def open_a_room(self, any_journey: bool) -> None:
        """A fresh room for each journey, in which two rivals sell to Blue Kiln and a reseller helps its provider."""
        assume(any_journey)  # not the simplest there is, where the same is done again and again
        rooms.enter(None)
        db.session.rollback()
        db.session.expunge_all()
        self.room: Room = furnished_room()
        rooms.enter(rooms.facts_of(self.room))
        self.far_away = fingerprint(self.elsewhere)
        self.partners = {partner.name: partner for partner in db.session.scalars(select(Partner))}
        self.customers = {customer.name: customer for customer in db.session.scalars(select(Customer))}
        self._appoint_heads()
        self.people = {user.name: user for user in db.session.scalars(select(User))}
        self.transacting = {name for name, partner in self.partners.items() if partner.kind.transacting}
        agents = [user for user in self.people.values() if user.agent is Role.ADMIN_AGENT]
        self.agents = {name: [u.name for u in agents if u.partner is self.partners[name]] for name in PARTNERS}
        admins = [user for user in self.people.values() if user.admin is Role.GLOBAL_ADMIN]
        self.admins = {name: [u.name for u in admins if u.customer is one] for name, one in self.customers.items()}
        self.read_at: dict[str, list[Any]] = {}
        self.now = fingerprint(self.room)
        self.bought = {one.id: told for one, told in self.as_it_is().items()}  # before history began
        self._begin_to_trade()
        self.held: set[Holding] = {("Jade IT", "Delta Foods", service) for service in Service}
        self.held |= {("Lotus Cloud", "Blue Kiln", service) for service in Service if service is not Service.EXCHANGE}
        self.held.add(("Jade IT", "Blue Kiln", Service.EXCHANGE))
        self.held |= {(one, "Pine Logistics", Service.SKYPE) for one in (PROVIDER, RESELLER)}
        self.related = {holding[:2] for holding in self.held}
        self.suspended: set[str] = set()
        self.refusing = False
        self.told_held: set[Holding] = set()
        self.told_related: set[tuple[str, str]] = set()
        self.events_read = 0
        self.letters_read = db.session.scalar(select(func.max(Letter.id))) or 0
        self.expected_post: list[tuple[str, str]] = []
        self.sellers = {one.id: one.seller_id for one in self.subscriptions()}
        self.now = fingerprint(self.room)

    @rule(chance=st.data())
    def somebody_does_something(self, chance: st.DataObject) -> None:
        """Any of the acts, each as likely as the next."""
        name = chance.draw(st.sampled_from(self.acts))
        getattr(self, name)(**chance.draw(getattr(self, name).choices, label=name))

    def _appoint_heads(self) -> None:
        """Whoever may end a relationship (R64), at every partner that might."""
        for partner, name in HEADS.items():
            if partner != "Lotus Cloud":
                role, email = Role.PARTNER_GLOBAL_ADMIN, f"{name.split()[0].lower()}@{self.partners[partner].domain}"
                db.session.add(User(name=name, email=email, partner=self.partners[partner], admin=role))
        db.session.flush()

    def _begin_to_trade(self) -> None:
        kiln = self.customers["Blue Kiln"]
        accepts(self.people["Mei Zhou"], self.partners["Lotus Cloud"])
        accepts(self.people["Mei Zhou"], self.partners["Jade IT"], Service.EXCHANGE)
        both = {self.partners[one]: [Service.SKYPE] for one in (PROVIDER, RESELLER)}
        acceptance.accept(Invitation(*both), both, by=self.people["Pavel Hron"])
        lin, jonas = self.people["Lin Chen"], self.people["Jonas Falk"]
        based = orders.order(kiln, OFFERS["business_essentials"], 2, by=lin)
        orders.order_add_on(based, OFFERS["protection"], 1, by=lin)
        lapsing = orders.order(kiln, OFFERS["business"], 1, by=lin)
        subscription_changes.set_renewal(lapsing, False, by=lin)
        taken = orders.order(kiln, OFFERS["business_premium"], 1, by=jonas)
        for sold in (taken, lapsing):
            licences.assign(self.people["Nora Quist"], sold, by=self.people["Mei Zhou"])
        db.session.commit()

    def subscriptions(self) -> list[Subscription]:
        """Every one of the room, in the order they were bought."""
        return list(db.session.scalars(select(Subscription).order_by(Subscription.id)))

    def as_it_is(self) -> dict[Subscription, Told]:
        """The same with how each of them is, read once for each step."""
        if self.read_at is not self.now:
            query = select(Licence.subscription_id, func.count()).group_by(Licence.subscription_id)
            used = dict(db.session.execute(query).tuples().all())
            self.rows = {one: Told(one.seats, one.status, used.get(one.id, 0)) for one in self.subscriptions()}
            self.read_at = self.now
        return self.rows

    def tries(
        self, kind: EventKind, doing: Callable[[], Any], by: str, expected: Code | EllipsisType | None = ...
    ) -> bool:
        """Whether it was done; when refused it was refused as expected, changed nothing and left one event.

        Where `expected` is left out, either may happen.
        """
        try:
            doing()
        except Refusal as refusal:
            db.session.rollback()
            assert expected in (refusal.code, ...)  # noqa: PT017 - any other code is the finding
            assert fingerprint(self.room) == self.now
            with database.writing():
                history.record_refusal(kind, refusal, by=self.people[by])
            after = fingerprint(self.room)
            assert len(after["Event"]) == len(self.now["Event"]) + 1
            assert {rows for rows in after if after[rows] != self.now[rows]} == {"Event"}
            self.now = after
            return False
        assert expected in (None, ...)
        db.session.commit()
        self.now = fingerprint(self.room)
        self.done[kind] += 1
        return True
