"""Any journey at all: people of both sides do whatever comes to their minds, and the rules hold after every step."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from shared.domain import acceptance, history, invitations, revocation, room_settings
from shared.domain.history import Event, EventKind
from shared.domain.invitations import Invitation
from shared.domain.organisations import Customer, Partner, PartnerKind
from shared.domain.permissions import Role
from shared.domain.privileges import Privilege
from shared.domain.refusals import Code, Refusal
from shared.domain.relationships import Relationship
from shared.domain.services import Service
from shared.domain.users import User
from shared.extensions import db
from shared.world import database, rooms
from shared.world.mailbox import Letter
from shared.world.rooms import DapConflict, Here, Room
from tests.conftest import furnished_room
from tests.domain.conftest import fingerprint

Holding = tuple[str, str, Service]  # partner, customer, service, by name
LINKS = (
    ("Lotus Cloud", None),
    ("Jade IT", None),
    ("Harbor Distribution", None),
    ("Harbor Distribution", "Reed Services"),
    ("Willow Advisory", None),
)
ANSWERERS = ("Mei Zhou", "Dana Weiss", "Pavel Hron", "Mei Zhou", "Dana Weiss", "Bo Lindt", "Nora Quist", "Lin Chen")
REMOVERS = ("Mei Zhou", "Dana Weiss", "Pavel Hron", "Mei Zhou", "Dana Weiss", "Bo Lindt", "Jonas Falk")
SENDERS = ("Lin Chen", "Hanna Ott", "Ren Tao", "Wilma Kern", "Hugo Park")
PARTNERS = ("Lotus Cloud", "Jade IT", "Harbor Distribution", "Reed Services", "Willow Advisory")
SERVICES = st.sets(st.sampled_from(Service))
GRANTS_AND_ENDS = (EventKind.GRANT_DAP, EventKind.END_DAP)


class Journey(RuleBasedStateMachine):
    """Keeps its own few facts: who holds what, who is related to whom, who is suspended."""

    elsewhere: Here

    @initialize()
    def open_a_room(self) -> None:
        """A fresh room for each journey."""
        rooms.enter(None)
        db.session.rollback()
        db.session.expunge_all()
        self.room = furnished_room()
        rooms.enter(rooms.facts_of(self.room))
        self.far_away = fingerprint(self.elsewhere)
        self.partners = {partner.name: partner for partner in db.session.scalars(select(Partner))}
        self.people = {user.name: user for user in db.session.scalars(select(User))}
        self.held: set[Holding] = {("Jade IT", "Delta Foods", service) for service in Service}
        self.related = {("Jade IT", "Delta Foods")}
        self.suspended: set[str] = set()
        self.refusing = False
        self.replayed: set[Holding] = set()
        self.events_read = self.letters_read = 0
        self.expected_post: list[tuple[str, str]] = []
        self.now = fingerprint(self.room)

    # What people do.

    @rule(link=st.sampled_from(LINKS), name=st.sampled_from(ANSWERERS), own=SERVICES, resellers=SERVICES)
    def somebody_answers_a_link(
        self, link: tuple[str, str | None], name: str, own: set[Service], resellers: set[Service]
    ) -> None:
        """The one act that gives."""
        asking, named = link
        ticked = {asking: own} | ({named: resellers} if named else {})
        customer = self.people[name].customer
        expected = self._why_not_accept(name, customer, ticked)
        invitation = Invitation(self.partners[asking], self.partners[named] if named else None)
        chosen = {self.partners[partner]: services for partner, services in ticked.items()}
        act = lambda: acceptance.accept(invitation, chosen, by=self.people[name])  # noqa: E731 - said once, done below
        if self._tries(EventKind.GRANT_DAP, act, name, expected):
            assert customer is not None
            self._accepted(customer.name, asking, ticked)

    def _why_not_accept(self, name: str, customer: Customer | None, ticked: dict[str, set[Service]]) -> Code | None:
        if customer is None:
            own = self.people[name].partner
            return Code.OWN_TENANT if own and own.name in ticked else Code.CSP_TENANT
        if customer.market != "CN":
            return Code.OTHER_MARKET
        if self.suspended & set(ticked):
            return Code.CANNOT_ACCEPT_NOW
        if self.people[name].admin is not Role.GLOBAL_ADMIN:
            return Code.NEEDS_GLOBAL_ADMIN
        if not any(ticked.values()):
            return Code.NO_SERVICE
        moves = [s for p, services in ticked.items() for s in services if self._loser(p, customer.name, s)]
        return Code.DAP_HELD if moves and self.refusing else None

    def _loser(self, partner: str, customer: str, service: Service) -> str | None:
        if not self._transacts(partner):
            return None
        holders = [p for p, c, s in self.held if (c, s) == (customer, service) and self._transacts(p)]
        return next((holder for holder in holders if holder != partner), None)

    def _transacts(self, partner: str) -> bool:
        return self.partners[partner].kind in (PartnerKind.DIRECT, PartnerKind.PROVIDER)

    def _accepted(self, customer: str, asking: str, ticked: dict[str, set[Service]]) -> None:
        losers: set[str] = set()
        before, known = set(self.held), set(self.related)
        for partner, services in ticked.items():
            if self._transacts(partner) or services:
                self.related.add((partner, customer))
            for service in services:
                if loser := self._loser(partner, customer, service):
                    self.held.remove((loser, customer, service))
                    losers.add(loser)
                self.held.add((partner, customer, service))
        news = {h[0] for h in self.held - before} | {partner for partner, _customer in self.related - known}
        self.expected_post += [("accepted", agent) for partner in news for agent in self._agents(partner)]
        self.expected_post += [("moved", agent) for loser in losers for agent in self._agents(loser)]

    def _agents(self, partner: str) -> list[str]:
        people = self.people.values()
        return [u.name for u in people if u.partner is self.partners[partner] and u.agent is Role.ADMIN_AGENT]

    @rule(partner=st.sampled_from(PARTNERS), name=st.sampled_from(REMOVERS), services=SERVICES)
    def somebody_takes_services_back(self, partner: str, name: str, services: set[Service]) -> None:
        """One service, some, or all of one partner."""
        self._takes_back(lambda: revocation.revoke(self.partners[partner], services, by=self.people[name]), name)
        self._taken(partner, name, services)

    @rule(name=st.sampled_from(REMOVERS))
    def somebody_takes_everything_back(self, name: str) -> None:
        """From every partner."""
        self._takes_back(lambda: revocation.revoke_everywhere(by=self.people[name]), name)
        for partner in PARTNERS:
            self._taken(partner, name, set(Service))

    @rule(partner=st.sampled_from(PARTNERS), name=st.sampled_from(REMOVERS))
    def somebody_deletes_a_partner(self, partner: str, name: str) -> None:
        """Which is refused for whoever resells."""
        expected = Code.STILL_RESELLER if self._transacts(partner) else None
        act = lambda: revocation.delete_partner(self.partners[partner], by=self.people[name])  # noqa: E731
        if self._takes_back(act, name, expected):
            self._taken(partner, name, set(Service))

    def _takes_back(self, act: Callable[[], Any], name: str, expected: Code | None = None) -> bool:
        may = self.people[name].customer and self.people[name].admin is Role.GLOBAL_ADMIN
        return self._tries(EventKind.END_DAP, act, name, expected if may else Code.ROLE)

    def _taken(self, partner: str, name: str, services: set[Service]) -> None:
        user = self.people[name]
        if user.customer is None or user.admin is not Role.GLOBAL_ADMIN:
            return
        customer = user.customer.name
        gone = {holding for holding in self.held if holding[:2] == (partner, customer) and holding[2] in services}
        self.held -= gone
        if gone:
            self.expected_post += [("removed", reader) for reader in (*self._agents(partner), name)]
        if gone and not self._transacts(partner) and not any(h[:2] == (partner, customer) for h in self.held):
            self.related.remove((partner, customer))

    @rule(name=st.sampled_from(SENDERS), to=st.sampled_from(ANSWERERS), once=st.sampled_from((None, "press")))
    def somebody_sends_a_letter(self, name: str, to: str, once: str | None) -> None:
        """Which changes nothing but two mailboxes."""
        sender, reader = self.people[name], self.people[to]
        assert sender.partner is not None
        expected = Code.PARTNER_SUSPENDED if sender.partner.name in self.suspended else None
        expected = expected if sender.agent in (Role.ADMIN_AGENT, Role.SALES_AGENT) else Code.ROLE
        sent: list[bool] = []

        def send() -> None:
            assert sender.partner is not None
            asked = invitations.on_offer(sender.partner)[0]
            sent.append(invitations.send(asked, to=reader, by=sender, language="en", paragraphs=["", ""], once=once))

        if self._tries(EventKind.SEND_INVITATION, send, name, expected) and sent[0]:
            self.expected_post.append(("invitation", to))

    @rule(refusing=st.booleans(), suspended=st.sets(st.sampled_from(PARTNERS), max_size=2), abroad=st.booleans())
    def the_teacher_sets_the_room(self, refusing: bool, suspended: set[str], abroad: bool) -> None:
        """Both ways to answer conflicts, a suspended partner, a tenant in another cloud."""
        pine = self.people["Pavel Hron"].customer
        assert pine is not None
        conflict = DapConflict.REFUSE if refusing else DapConflict.REPLACE
        names = [self.partners[name].microsoft_id for name in suspended]
        room_settings.change(conflict, suspended=names, abroad=[pine.microsoft_id] if abroad else [])
        db.session.commit()
        self.refusing, self.suspended = refusing, suspended
        self.now = fingerprint(self.room)

    def _tries(self, trying: EventKind, act: Callable[[], Any], name: str, expected: Code | None) -> bool:
        """Whether it was done; when refused it was refused as expected, changed nothing and left one event."""
        try:
            act()
        except Refusal as refusal:
            db.session.rollback()
            assert refusal.code is expected  # noqa: PT017 - any other code is the finding
            assert fingerprint(self.room) == self.now
            with database.writing():
                history.record_refusal(trying, refusal, by=self.people[name])
            after = fingerprint(self.room)
            assert len(after["Event"]) == len(self.now["Event"]) + 1
            assert {kind for kind, rows in after.items() if rows != self.now[kind]} == {"Event"}
            self.now = after
            return False
        assert expected is None
        db.session.commit()
        self.now = fingerprint(self.room)
        return True

    # What is true after every step.

    @invariant()
    def no_service_has_two_transacting_holders(self) -> None:
        """R41."""
        rows = db.session.execute(select(Privilege.customer_id, Privilege.service, Privilege.partner_id).where(
            Privilege.until.is_(None), Privilege.partner_id.in_(self._ids_of_the_transacting())
        )).all()  # fmt: skip
        assert len({row[:2] for row in rows}) == len(rows)

    def _ids_of_the_transacting(self) -> list[int]:
        return [partner.id for name, partner in self.partners.items() if self._transacts(name)]

    @invariant()
    def the_privileges_in_force_are_what_people_agreed(self) -> None:
        """R42, R51, R53, R62."""
        query = select(Partner.name, Customer.name, Privilege.service).where(
            Privilege.until.is_(None), Partner.id == Privilege.partner_id, Customer.id == Privilege.customer_id
        )
        assert {tuple(row) for row in db.session.execute(query)} == self.held

    @invariant()
    def a_reseller_relationship_survives_everything_and_others_stand_while_they_administer(self) -> None:
        """R55, R61, R71."""
        query = select(Partner.name, Customer.name).where(
            Relationship.until.is_(None), Partner.id == Relationship.partner_id, Customer.id == Relationship.customer_id
        )
        assert {tuple(row) for row in db.session.execute(query)} == self.related
        assert {holding[:2] for holding in self.held} <= self.related

    @invariant()
    def history_tells_exactly_what_is_in_force(self) -> None:
        """R81: played again from its first line."""
        told = select(Event).where(Event.id > self.events_read, Event.refused.is_(None)).order_by(Event.id)
        for event in db.session.scalars(told):
            self.events_read = event.id
            if event.kind in GRANTS_AND_ENDS:
                assert event.partner
                assert event.customer
                assert event.service
                holding = (event.partner.name, event.customer.name, event.service)
                assert (holding in self.replayed) == (event.kind is EventKind.END_DAP)
                self.replayed ^= {holding}
        assert self.replayed == self.held

    @invariant()
    def letters_went_to_whom_they_should_and_never_out_of_the_room(self) -> None:
        """R18, R30, R42, R60."""
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


@pytest.mark.rule("R18", "R30", "R41", "R42", "R43", "R51", "R53", "R55", "R60", "R61", "R62", "R71", "R76", "R81")
def test_whatever_people_do_the_rules_hold_after_every_step(app: Flask, room: Room) -> None:
    here = rooms.facts_of(room)

    class HereAndNow(Journey):
        elsewhere = here

    run_state_machine_as_test(
        HereAndNow,
        settings=settings(
            deadline=None, max_examples=25, stateful_step_count=25, suppress_health_check=list(HealthCheck)
        ),
    )
    rooms.enter(here)
    assert fingerprint(here)["Privilege"]
