"""What people buy and sell: orders, add-ons, seats, renewal, licences, suspension, cancellation, upgrades."""

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from shared.domain import licences, orders, subscription_changes, upgrades
from shared.domain.history import EventKind
from shared.domain.offers import OFFERS, add_ons_for
from shared.domain.subscription_changes import SuspendReason
from shared.domain.subscriptions import Status, Subscription

from .stage import Stage, Told, act

AGENTS = {"Lotus Cloud": "Lin Chen", "Jade IT": "Jonas Falk", "Harbor Distribution": "Hanna Ott"}
WHO = st.sampled_from(("seller", "seller", "seller", "seller", "seller", "rival", "Hugo Park"))
PEOPLE = ("Mei Zhou", "Bo Lindt", "Nora Quist", "Hal Brandt", "Dana Weiss")
ADMINS = ("Mei Zhou", "Mei Zhou", "Mei Zhou", "Ulla Maas", "Bo Lindt", "Lin Chen", "Jonas Falk", "Dana Weiss")
SEATS = st.integers(0, 3)
PICK = st.integers(0, 30)


class Trade(Stage):
    """Rival sellers, and customers with people who use what was sold."""

    def _one(self, pick: int, likely: Callable[[Subscription], object] = bool) -> Subscription:
        """One that a partner sold, most often one where the act is likely to be possible."""
        sold = [one for one in self.as_it_is() if one.seller_id]
        some = [one for one in sold if pick % 6 and likely(one)] or sold
        return some[pick % len(some)]

    def _may_grow(self, one: Subscription) -> bool:
        """Whether it is larger offers there are, and not the add-ons, that decide about an upgrade."""
        based = {other.base_id for other in self.as_it_is() if other.is_live}
        return one.status is Status.ACTIVE and bool(one.offer.upgrades) and one.id not in based

    def _person(self, one: Subscription, who: str) -> str:
        """Somebody of whoever sold it, or of a rival, or one whose role does not allow it."""
        assert one.seller is not None
        if who == "rival":
            return "Jonas Falk" if one.seller.name != "Jade IT" else "Lin Chen"
        return AGENTS[one.seller.name] if who == "seller" else who

    def _deals(
        self,
        kind: EventKind,
        doing: Callable[[], Any],
        by: str,
        one: Subscription | None = None,
        standing: bool = False,
    ) -> bool:
        """Done by who may, or refused; what others sold is not touched in either case."""
        partner = self.people[by].partner
        assert partner is not None
        others = [other for other in self.as_it_is() if other.seller_id != partner.id]
        before = {other.id: facts(other) for other in others}
        done = self.tries(kind, doing, by)
        assert {other.id: facts(other) for other in others} == before
        if done:
            assert by in AGENTS.values()  # 3.1
            assert one is None or one.seller is partner  # R32-R35
            assert not (standing and partner.name in self.suspended)  # R73
        return done

    @act(
        name=st.sampled_from((*AGENTS.values(), "Ren Tao", "Hugo Park")),
        customer=st.sampled_from(("Blue Kiln", "Blue Kiln", "Delta Foods", "Pine Logistics")),
        offer=st.sampled_from(sorted(OFFERS)),
        seats=SEATS,
    )
    def somebody_sells(self, name: str, customer: str, offer: str, seats: int) -> None:
        """A new subscription, to whom one has a relationship with (R39)."""
        buyer, by = self.customers[customer], self.people[name]
        if self._deals(EventKind.ORDER, lambda: orders.order(buyer, OFFERS[offer], seats, by=by), name, standing=True):
            assert by.partner is not None
            assert (by.partner.name, customer) in self.related

    @act(who=WHO, pick=PICK, seats=SEATS)
    def somebody_sells_an_add_on(self, who: str, pick: int, seats: int) -> None:
        """On top of any other."""
        base = self._one(pick, lambda one: one.status is Status.ACTIVE and not one.base)
        name = self._person(base, who)
        for offer in add_ons_for(base.offer)[:1]:
            doing = lambda offer=offer: orders.order_add_on(base, offer, seats, by=self.people[name])  # noqa: E731
            self._deals(EventKind.ORDER, doing, name, base, standing=True)

    @act(who=WHO, pick=PICK, seats=SEATS, renews=st.none() | st.booleans())
    def somebody_changes(self, who: str, pick: int, seats: int, renews: bool | None) -> None:
        """Seats and renewal."""
        one = self._one(pick, lambda one: one.status is Status.ACTIVE and not one.base)
        name, different = self._person(one, who), seats != one.seats
        doing = lambda: subscription_changes.change(one, seats=seats, auto_renew=renews, by=self.people[name])  # noqa: E731
        if one.seats != seats or renews not in (None, one.auto_renew):
            self._deals(EventKind.UPDATE_SUBSCRIPTION, doing, name, one, standing=different)

    @act(who=WHO, pick=PICK)
    def somebody_suspends(self, who: str, pick: int) -> None:
        """Together with its add-ons."""
        one = self._one(pick, lambda one: one.status is Status.ACTIVE and not one.base)
        name = self._person(one, who)
        doing = lambda: subscription_changes.suspend(one, SuspendReason.FRAUD, by=self.people[name])  # noqa: E731
        self._deals(EventKind.SUSPEND_SUBSCRIPTION, doing, name, one)

    @act(who=WHO, pick=PICK)
    def somebody_reactivates(self, who: str, pick: int) -> None:
        """As long as its data is there."""
        one = self._one(pick, lambda one: one.status is Status.SUSPENDED and not one.base)
        name = self._person(one, who)
        doing = lambda: subscription_changes.reactivate(one, by=self.people[name])  # noqa: E731
        self._deals(EventKind.REACTIVATE_SUBSCRIPTION, doing, name, one)

    @act(who=WHO, pick=PICK)
    def somebody_cancels(self, who: str, pick: int) -> None:
        """For good."""
        one = self._one(pick, lambda one: one.is_live)
        name = self._person(one, who)
        doing = lambda: subscription_changes.cancel(one, by=self.people[name])  # noqa: E731
        self._deals(EventKind.CANCEL_SUBSCRIPTION, doing, name, one)

    @act(who=WHO, pick=PICK, more=st.integers(0, 2))
    def somebody_upgrades(self, who: str, pick: int, more: int) -> None:
        """To any larger offer; whoever had a licence keeps one (S12)."""
        one = self._one(pick, self._may_grow)
        name, had, paths = self._person(one, who), licences.assigned(one), upgrades.paths(one)
        if not paths:
            return
        target = paths[pick % len(paths)]
        doing = lambda: upgrades.upgrade(one, target, one.seats + more, by=self.people[name])  # noqa: E731
        if self._deals(EventKind.UPGRADE_SUBSCRIPTION, doing, name, one, standing=True):
            assert self._administers(name, one)  # S11
            new = self.subscriptions()[-1]
            assert licences.assigned(new) == had
            self.bought[one.id] = Told(one.seats, Status.DELETED, 0)
            self.bought[new.id] = Told(one.seats + more, Status.ACTIVE, had)

    @act(name=st.sampled_from(PEOPLE), pick=PICK, by=st.sampled_from(ADMINS))
    def somebody_gives_a_licence(self, name: str, pick: int, by: str) -> None:
        """As long as there is a seat (S5)."""
        user, admin = self.people[name], self.people[by]
        one = self._one(pick, lambda one: one.is_live and one.customer is user.customer)
        if self.tries(EventKind.ASSIGN_LICENCE, lambda: licences.assign(user, one, by=admin), by):
            assert user.customer is one.customer
            self._may_handle(one, by)

    @act(name=st.sampled_from(PEOPLE), pick=PICK, by=st.sampled_from(ADMINS))
    def somebody_takes_a_licence(self, name: str, pick: int, by: str) -> None:
        """Whatever has become of the subscription."""
        user, admin = self.people[name], self.people[by]
        one = self._one(pick, lambda one: one.is_live and one.customer is user.customer)
        if self.tries(EventKind.UNASSIGN_LICENCE, lambda: licences.unassign(user, one, by=admin), by):
            self._may_handle(one, by)

    def _may_handle(self, one: Subscription, by: str) -> None:
        """Admins of the customer (3.2), and of a partner who administers a service of it (R58)."""
        admin = self.people[by]
        assert self._administers(by, one) if admin.partner else admin.customer is one.customer
        assert by not in ("Bo Lindt", "Hugo Park")

    def _administers(self, name: str, one: Subscription) -> bool:
        partner = self.people[name].partner
        assert partner is not None
        return any((partner.name, one.customer.name, service) in self.held for service in one.offer.services)


def facts(one: Subscription) -> tuple[object, ...]:
    """Everything about it that somebody can change."""
    named = one.seats, one.status, one.offer_key, one.nickname, one.auto_renew, one.ends_on, one.suspended_at
    return *named, one.cancelled_at, one.deleted_at, one.seller_id, one.partner_of_record_id
