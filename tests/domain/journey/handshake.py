"""What people agree on: requests, acceptance, taking back, the end of a relationship, and what the teacher sets."""

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from shared.domain import acceptance, ending, invitations, revocation, room_settings
from shared.domain.history import EventKind
from shared.domain.invitations import Invitation
from shared.domain.organisations import Customer
from shared.domain.permissions import Role
from shared.domain.refusals import Code
from shared.domain.services import Service
from shared.domain.subscriptions import Status
from shared.extensions import db
from shared.world.rooms import DapConflict
from tests.domain.conftest import fingerprint

from .stage import HEADS, PARTNERS, PROVIDER, RESELLER, SERVICES, Stage, act

LINKS = (
    ("Lotus Cloud", None),
    ("Jade IT", None),
    ("Harbor Distribution", None),
    ("Harbor Distribution", "Reed Services"),
    ("Willow Advisory", None),
)
ANSWERERS = ("Mei Zhou", "Dana Weiss", "Pavel Hron", "Mei Zhou", "Dana Weiss", "Bo Lindt", "Nora Quist", "Lin Chen")
REMOVERS = ("Mei Zhou", "Dana Weiss", "Pavel Hron", "Mei Zhou", "Dana Weiss", "Bo Lindt", "Jonas Falk")
STAFF = ("Bo Lindt", "Ulla Maas", "Hal Brandt", "Nora Quist", "Pia Lund", "Lin Chen", "Ren Tao")
SENDERS = ("Lin Chen", "Hanna Ott", "Ren Tao", "Wilma Kern", "Hugo Park")


class Handshake(Stage):
    """Customers and partners, and who lets whom in."""

    @act(link=st.sampled_from(LINKS), name=st.sampled_from(ANSWERERS), own=SERVICES, resellers=SERVICES)
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
        doing = lambda: acceptance.accept(invitation, chosen, by=self.people[name])  # noqa: E731 - said once, done below
        if self.tries(EventKind.GRANT_DAP, doing, name, expected):
            assert customer is not None
            self._accepted(customer.name, ticked)

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
            held = all(self._loser(partner, customer.name, service) for partner in ticked for service in Service)
            return Code.ALL_HELD if held and self.refusing else Code.NO_SERVICE
        moves = [s for p, services in ticked.items() for s in services if self._loser(p, customer.name, s)]
        return Code.DAP_HELD if moves and self.refusing else None

    def _loser(self, partner: str, customer: str, service: Service) -> str | None:
        if partner not in self.transacting:
            return None
        holders = [p for p, c, s in self.held if (c, s) == (customer, service) and p in self.transacting]
        return next((holder for holder in holders if holder != partner), None)

    def _accepted(self, customer: str, ticked: dict[str, set[Service]]) -> None:
        losers: set[str] = set()
        before, known = set(self.held), set(self.related)
        for partner, services in ticked.items():
            if partner in self.transacting or services:
                self.related.add((partner, customer))
            for service in services:
                if loser := self._loser(partner, customer, service):
                    self.held.remove((loser, customer, service))
                    losers.add(loser)
                self.held.add((partner, customer, service))
        news = {h[0] for h in self.held - before} | {partner for partner, _customer in self.related - known}
        self.expected_post += [("accepted", agent) for partner in news for agent in self.agents[partner]]
        self.expected_post += [("moved", agent) for loser in losers for agent in self.agents[loser]]

    @act(partner=st.sampled_from(PARTNERS), name=st.sampled_from(REMOVERS), services=SERVICES)
    def somebody_takes_services_back(self, partner: str, name: str, services: set[Service]) -> None:
        """One service, some, or all of one partner."""
        self._takes_back(lambda: revocation.revoke(self.partners[partner], services, by=self.people[name]), name)
        self._taken(partner, name, services)

    @act(name=st.sampled_from((*REMOVERS, *STAFF)))
    def somebody_takes_everything_back(self, name: str) -> None:
        """From every partner; mostly people try who may not."""
        self._takes_back(lambda: revocation.revoke_everywhere(by=self.people[name]), name)
        for partner in PARTNERS:
            self._taken(partner, name, set(Service))

    @act(partner=st.sampled_from(PARTNERS), name=st.sampled_from(REMOVERS))
    def somebody_deletes_a_partner(self, partner: str, name: str) -> None:
        """Which is refused for whoever resells."""
        expected = Code.STILL_RESELLER if partner in self.transacting else None
        doing = lambda: revocation.delete_partner(self.partners[partner], by=self.people[name])  # noqa: E731
        if self._takes_back(doing, name, expected):
            self._taken(partner, name, set(Service))

    def _takes_back(self, doing: Callable[[], Any], name: str, expected: Code | None = None) -> bool:
        may = self.people[name].customer and self.people[name].admin is Role.GLOBAL_ADMIN
        return self.tries(EventKind.END_DAP, doing, name, expected if may else Code.ROLE)

    def _taken(self, partner: str, name: str, services: set[Service]) -> None:
        user = self.people[name]
        if user.customer is None or user.admin is not Role.GLOBAL_ADMIN:
            return
        customer = user.customer.name
        gone = {holding for holding in self.held if holding[:2] == (partner, customer) and holding[2] in services}
        self.held -= gone
        if gone:
            self.expected_post += [("removed", reader) for reader in (*self.agents[partner], name)]
        if gone and partner not in self.transacting and not any(h[:2] == (partner, customer) for h in self.held):
            self.related.remove((partner, customer))

    @act(pick=st.integers(0, 30), head=st.sampled_from((True, True, False)))
    def somebody_ends_a_relationship(self, pick: int, head: bool) -> None:
        """For good, with everything that comes of it, a provider for its resellers as well (R64-R67, R70)."""
        some = [pair for pair in sorted(self.related) if pair[0] in HEADS] + [(PROVIDER, "Pine Logistics")]
        partner, customer = some[pick % len(some)]
        name = HEADS[partner] if head else self.agents[partner][0]
        expected = self._why_not_end(head, partner, customer)
        doing = lambda: ending.remove(self.customers[customer], by=self.people[name])  # noqa: E731
        if not self.tries(EventKind.END_RELATIONSHIP, doing, name, expected):
            return
        leaving = {(partner, customer)} | ({(RESELLER, customer)} if partner == PROVIDER else set())
        for pair in leaving & self.related:
            self.related.remove(pair)
            self.held -= {holding for holding in self.held if holding[:2] == pair}
            self.expected_post += [("ended", reader) for reader in (*self.agents[pair[0]], *self.admins[customer])]

    def _why_not_end(self, head: bool, partner: str, customer: str) -> Code | None:
        if partner == RESELLER:
            return Code.PROVIDER_ENDS
        if not head:
            return Code.ROLE
        if (partner, customer) not in self.related:
            return Code.NO_RELATIONSHIP
        pair = (self.partners[partner].id, self.customers[customer].id)
        active = [one for one, told in self.as_it_is().items() if told.status is Status.ACTIVE]
        return Code.STILL_ACTIVE if any((one.seller_id, one.customer_id) == pair for one in active) else None

    @act(name=st.sampled_from(SENDERS), to=st.sampled_from(ANSWERERS), once=st.sampled_from((None, "press")))
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

        if self.tries(EventKind.SEND_INVITATION, send, name, expected) and sent[0]:
            self.expected_post.append(("invitation", to))

    @act(
        refusing=st.booleans(),
        suspended=st.just(set()) | st.sets(st.sampled_from(PARTNERS), max_size=2),
        abroad=st.booleans(),
    )
    def the_teacher_sets_the_room(self, refusing: bool, suspended: set[str], abroad: bool) -> None:
        """Both ways to answer conflicts, suspended partners, a tenant in another cloud."""
        conflict = DapConflict.REFUSE if refusing else DapConflict.REPLACE
        names = [self.partners[name].microsoft_id for name in suspended]
        pine = self.customers["Pine Logistics"].microsoft_id
        room_settings.change(conflict, suspended=names, abroad=[pine] if abroad else [])
        db.session.commit()
        self.refusing, self.suspended = refusing, suspended
        self.now = fingerprint(self.room)
