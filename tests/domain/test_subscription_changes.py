"""What the seller does with a subscription afterwards."""

from datetime import timedelta

import pytest

from shared.domain import due, licences, orders, relationships, subscription_changes, subscriptions
from shared.domain.history import EventKind
from shared.domain.offers import OFFERS
from shared.domain.organisations import Customer, Partner
from shared.domain.permissions import Role
from shared.domain.refusals import Code, Refusal
from shared.domain.subscription_changes import SuspendReason
from shared.domain.subscriptions import Status, Subscription
from shared.domain.users import User
from shared.extensions import db
from shared.world import clock
from shared.world.calendar import day_of, start_of, today
from tests.builders import buys
from tests.conftest import the
from tests.domain.conftest import Elsewhere, code, events

UNPAID = SuspendReason.NON_PAYMENT
DAY = timedelta(days=1)


@pytest.fixture
def sold(lotus: Partner, kiln: Customer, lin: User) -> Subscription:
    """Five seats that Lotus sold to Blue Kiln, two of them in somebody's hands."""
    relationships.begin(lotus, kiln)
    bought = orders.order(kiln, OFFERS["e3"], 5, by=lin)
    for name in ("Nora Quist", "Mei Zhou"):
        licences.assign(the(User, name), bought, by=the(User, "Mei Zhou"))
    return bought


@pytest.fixture
def add_on(sold: Subscription, lin: User) -> Subscription:
    """An add-on to it."""
    return orders.order_add_on(sold, OFFERS["protection"], 2, by=lin)


@pytest.mark.rule("S3", "R81")
def test_the_seller_changes_the_seats_at_any_time(
    sold: Subscription, lin: User, kiln: Customer, elsewhere: Elsewhere
) -> None:
    assert subscription_changes.change_seats(sold, 9, by=lin)
    assert subscription_changes.change_seats(sold, 3, by=lin)
    assert not subscription_changes.change_seats(sold, 3, by=lin)
    changes = [(event.facts["old"], event.facts["new"]) for event in events(EventKind.UPDATE_SUBSCRIPTION, kiln)]
    assert (sold.seats, changes) == (3, [(5, 9), (9, 3)])


@pytest.mark.rule("S3")
def test_no_fewer_seats_than_are_assigned_and_it_says_how_many_to_take_back(sold: Subscription, lin: User) -> None:
    refusal = subscription_changes.why_not_seats(sold, 1, by=lin)
    assert refusal is not None
    assert (refusal.code, refusal.facts["assigned"], refusal.facts["over"]) == (Code.SEATS_ASSIGNED, 2, 1)
    assert subscription_changes.why_not_seats(sold, 2, by=lin) is None
    assert code(subscription_changes.why_not_seats(sold, 0, by=lin)) is Code.TOO_FEW_SEATS


@pytest.mark.rule("R72", "R81")
def test_the_provider_says_which_of_its_resellers_sold_it_or_that_it_did_itself(
    harbor: Partner, reed: Partner, kiln: Customer
) -> None:
    hanna = the(User, "Hanna Ott")
    sold = buys(kiln, "e1", harbor)
    assert subscription_changes.set_reseller(sold, reed, by=hanna)
    assert not subscription_changes.change(sold, reseller=reed, by=hanna, seen=sold.version)
    assert sold.reseller_mpn_id == reed.mpn_id
    assert subscription_changes.change(sold, reseller=harbor, by=hanna)
    changes = [(event.facts["old"], event.facts["new"]) for event in events(EventKind.UPDATE_SUBSCRIPTION, kiln)]
    assert changes[1:] == [(reed.name, harbor.name)]
    assert (changes[0][1], sold.partner_of_record, sold.seller) == (reed.name, harbor, harbor)


@pytest.mark.rule("R72", "R81")
def test_the_provider_takes_the_reseller_off_and_minus_one_stands_in_its_place(
    harbor: Partner, reed: Partner, kiln: Customer, elsewhere: Elsewhere
) -> None:
    hanna, sold = the(User, "Hanna Ott"), buys(kiln, "e1", harbor)
    subscription_changes.set_reseller(sold, reed, by=hanna)
    assert subscription_changes.change(sold, taken_off=True, by=hanna, seen=sold.version)
    assert (sold.partner_of_record, sold.reseller_mpn_id) == (None, "-1")
    assert not subscription_changes.change(sold, taken_off=True, by=hanna)
    assert subscription_changes.change(sold, reseller=reed, by=hanna)
    changes = [(event.facts["old"], event.facts["new"]) for event in events(EventKind.UPDATE_SUBSCRIPTION, kiln)]
    assert changes == [("-1", reed.name), (reed.name, "-1"), ("-1", reed.name)]


@pytest.mark.rule("R72", "R35", "R8")
def test_nobody_takes_a_reseller_off_what_another_sold_and_21vianet_has_none(
    reed: Partner, kiln: Customer, sold: Subscription, lin: User
) -> None:
    for by in (lin, the(User, "Hanna Ott"), the(User, "Ren Tao")):
        with pytest.raises(Refusal):
            subscription_changes.change(sold, taken_off=True, by=by)
    assert sold.partner_of_record is sold.seller
    assert buys(kiln, "e1").reseller_mpn_id == ""


@pytest.mark.rule("R72")
def test_a_reseller_without_an_mpn_id_stands_under_that_of_its_provider(
    harbor: Partner, reed: Partner, kiln: Customer
) -> None:
    sold = buys(kiln, "e1", harbor)
    reed.mpn_id = ""
    subscription_changes.set_reseller(sold, reed, by=the(User, "Hanna Ott"))
    assert sold.reseller_mpn_id == harbor.mpn_id


@pytest.mark.rule("R72", "R35", "R70")
def test_nobody_else_says_so_and_nobody_who_does_not_sell_through_the_provider_is_named(
    harbor: Partner, reed: Partner, jade: Partner, kiln: Customer, sold: Subscription, lin: User
) -> None:
    theirs, hanna = buys(kiln, "e1", harbor), the(User, "Hanna Ott")
    assert code(subscription_changes.why_not_resell(sold, by=lin)) is Code.PROVIDER_ONLY
    refusal = subscription_changes.why_not_resell(theirs, by=lin)
    assert refusal is not None
    assert (refusal.code, refusal.rule) == (Code.NOT_SELLER, "R35")
    assert code(subscription_changes.why_not_resell(theirs, by=the(User, "Ren Tao"))) is Code.PROVIDER_ACTS
    with pytest.raises(Refusal) as no:
        subscription_changes.set_reseller(theirs, jade, by=hanna)
    assert no.value.code is Code.NOT_ITS_RESELLER
    with pytest.raises(Refusal) as overtaken:
        subscription_changes.set_reseller(theirs, reed, by=hanna, seen=theirs.version - 1)
    assert overtaken.value.code is Code.SUBSCRIPTION_CHANGED
    subscription_changes.cancel(theirs, by=hanna)
    assert code(subscription_changes.why_not_resell(theirs, by=hanna)) is Code.FINAL


@pytest.mark.rule("S1", "S3")
def test_more_seats_may_not_pass_the_cap_of_a_tenant(sold: Subscription, lin: User, kiln: Customer) -> None:
    small = orders.order(kiln, OFFERS["business"], 200, by=lin)
    assert subscription_changes.why_not_seats(small, 300, by=lin) is None
    refusal = subscription_changes.why_not_seats(small, 301, by=lin)
    assert refusal
    assert (refusal.code, refusal.facts["left"]) == (Code.OVER_CAP, 300 - small.seats)
    subscription_changes.change_seats(small, 300, by=lin)
    refusal = subscription_changes.why_not_seats(small, 301, by=lin)
    assert refusal
    assert (refusal.code, refusal.facts["left"]) == (Code.OVER_CAP, 0)


@pytest.mark.rule("S10", "S6", "S8")
def test_seats_do_not_change_while_suspended_nor_after_the_end(sold: Subscription, lin: User) -> None:
    subscription_changes.suspend(sold, UNPAID, by=lin)
    assert code(subscription_changes.why_not_seats(sold, 6, by=lin)) is Code.SEATS_LOCKED
    subscription_changes.cancel(sold, by=lin)
    assert code(subscription_changes.why_not_seats(sold, 6, by=lin)) is Code.FINAL


@pytest.mark.rule("R73", "R74", "R76")
def test_a_suspended_partner_changes_no_seats_but_suspends_and_reactivates(
    sold: Subscription, lin: User, lotus: Partner
) -> None:
    lotus.suspended = True
    assert code(subscription_changes.why_not_seats(sold, 6, by=lin)) is Code.PARTNER_SUSPENDED
    subscription_changes.suspend(sold, UNPAID, by=lin)
    subscription_changes.reactivate(sold, by=lin)
    assert sold.status is Status.ACTIVE


@pytest.mark.rule("R32", "R34", "R35", "S5")
@pytest.mark.parametrize("name", ["Jonas Falk", "Mei Zhou", "Hugo Park"])
def test_nobody_but_the_sellers_sales_people_changes_anything(
    sold: Subscription, jade: Partner, kiln: Customer, name: str
) -> None:
    relationships.begin(jade, kiln)
    by, refused = the(User, name), Code.NOT_SELLER if name == "Jonas Falk" else Code.ROLE
    asked = (
        subscription_changes.why_not_seats(sold, 6, by=by),
        subscription_changes.why_not_rename(sold, by=by),
        subscription_changes.why_not_renewal(sold, by=by),
        subscription_changes.why_not_suspend(sold, by=by),
        subscription_changes.why_not_reactivate(sold, by=by),
        subscription_changes.why_not_cancel(sold, by=by),
    )
    assert {code(refusal) for refusal in asked} == {refused}


@pytest.mark.rule("S6", "S7")
def test_suspended_it_keeps_its_licences_for_60_days_and_comes_back(sold: Subscription, lin: User) -> None:
    subscription_changes.suspend(sold, UNPAID, by=lin)
    assert code(licences.why_not_sign_in(the(User, "Nora Quist"))) is None  # E1 is active still
    last = start_of(today() + 61 * DAY)
    assert (sold.status, sold.gone_at) == (Status.SUSPENDED, last)
    due.move_clock(last - timedelta(seconds=1))
    assert (sold.status, licences.assigned(sold)) == (Status.SUSPENDED, 2)
    subscription_changes.reactivate(sold, by=lin)
    assert (sold.status, sold.gone_at, licences.assigned(sold)) == (Status.ACTIVE, None, 2)
    assert code(subscription_changes.why_not_reactivate(sold, by=lin)) is Code.NOT_SUSPENDED


@pytest.mark.rule("S7")
def test_at_the_start_of_day_61_it_is_deleted_for_good(sold: Subscription, lin: User, kiln: Customer) -> None:
    subscription_changes.suspend(sold, UNPAID, by=lin)
    gone = sold.gone_at
    assert gone is not None
    due.move_clock(gone)
    db.session.refresh(sold)
    assert (sold.status, sold.deleted_at, licences.assigned(sold)) == (Status.DELETED, gone, 0)
    assert code(subscription_changes.why_not_reactivate(sold, by=lin)) is Code.FINAL
    [event] = events(EventKind.DELETE_SUBSCRIPTION, kiln)
    assert (event.at, event.by, event.facts) == (gone, None, {"freed": 2})


@pytest.mark.rule("S8")
def test_cancelled_it_is_final_and_frees_its_licences_at_once(sold: Subscription, lin: User, kiln: Customer) -> None:
    subscription_changes.cancel(sold, by=lin)
    assert (sold.status, licences.assigned(sold)) == (Status.CANCELLED, 0)
    assert sold.gone_at == start_of(today() + 61 * DAY)
    for why_not in (subscription_changes.why_not_reactivate, subscription_changes.why_not_cancel):
        assert code(why_not(sold, by=lin)) is Code.FINAL
    [event] = events(EventKind.CANCEL_SUBSCRIPTION, kiln)
    assert event.facts == {"freed": 2}
    due.move_clock(sold.gone_at)
    db.session.refresh(sold)
    assert sold.status is Status.DELETED


@pytest.mark.rule("S8")
def test_cancelling_what_is_suspended_does_not_start_the_60_days_anew(sold: Subscription, lin: User) -> None:
    subscription_changes.suspend(sold, UNPAID, by=lin)
    gone = sold.gone_at
    due.move_clock(clock.now() + 30 * DAY)
    subscription_changes.cancel(sold, by=lin)
    assert sold.gone_at == gone


@pytest.mark.rule("S4")
def test_an_add_on_is_suspended_reactivated_and_cancelled_with_its_base(
    sold: Subscription, add_on: Subscription, lin: User
) -> None:
    subscription_changes.suspend(sold, UNPAID, by=lin)
    assert add_on.status is Status.SUSPENDED
    subscription_changes.reactivate(sold, by=lin)
    assert add_on.status is Status.ACTIVE
    subscription_changes.set_renewal(sold, False, by=lin)
    assert add_on.auto_renew is False
    for why_not in (subscription_changes.why_not_suspend, subscription_changes.why_not_renewal):
        assert code(why_not(add_on, by=lin)) is Code.FOLLOWS_BASE
    subscription_changes.cancel(sold, by=lin)
    assert (add_on.status, add_on.gone_at) == (Status.CANCELLED, sold.gone_at)


@pytest.mark.rule("S4", "S8")
def test_an_add_on_may_be_cancelled_alone(sold: Subscription, add_on: Subscription, lin: User) -> None:
    subscription_changes.cancel(add_on, by=lin)
    assert (add_on.status, sold.status) == (Status.CANCELLED, Status.ACTIVE)
    assert subscriptions.add_ons_of(sold) == []


@pytest.mark.rule("S2")
def test_a_term_renews_for_twelve_months_or_lapses(sold: Subscription, add_on: Subscription, lin: User) -> None:
    end = sold.ends_on
    due.move_clock(start_of(end))
    db.session.refresh(sold)
    assert (sold.ends_on, add_on.ends_on) == (end.replace(year=end.year + 1),) * 2
    subscription_changes.set_renewal(sold, False, by=lin)
    due.move_clock(start_of(sold.ends_on))
    db.session.refresh(sold)
    db.session.refresh(add_on)
    assert (sold.status, add_on.status) == (Status.CANCELLED, Status.CANCELLED)
    assert licences.assigned(sold) == 0
    assert sold.gone_at == start_of(sold.ends_on + 61 * DAY)


@pytest.mark.rule("S2", "S7")
def test_the_term_of_what_was_deleted_does_not_go_on(sold: Subscription, lin: User) -> None:
    subscription_changes.suspend(sold, UNPAID, by=lin)
    end = sold.ends_on
    for years in (1, 2):
        due.move_clock(start_of(end + years * 366 * DAY))
    db.session.refresh(sold)
    assert (sold.status, sold.term_ends_on) == (Status.DELETED, end)


@pytest.mark.rule("S7", "S8", "S2")
def test_a_page_that_only_reads_is_right_before_anything_is_written(
    sold: Subscription, add_on: Subscription, lin: User
) -> None:
    subscription_changes.set_renewal(add_on.base or sold, True, by=lin)
    clock.advance(start_of(sold.ends_on) - clock.now())
    assert sold.term_ends_on == sold.ends_on.replace(year=sold.ends_on.year + 1)
    subscription_changes.suspend(sold, UNPAID, by=lin)
    gone = sold.gone_at
    assert gone is not None
    clock.advance(gone - clock.now())
    assert (sold.status, sold.deleted_at, licences.assigned(sold)) == (Status.DELETED, None, 0)
    assert subscriptions.add_ons_of(sold) == []
    assert sold not in subscriptions.of_customer(sold.customer)


def test_a_nickname_is_given_and_taken_back(sold: Subscription, lin: User) -> None:
    assert subscription_changes.rename(sold, "Head office", by=lin)
    assert not subscription_changes.rename(sold, "Head office", by=lin)
    assert subscription_changes.rename(sold, "", by=lin)


@pytest.mark.rule("S1")
def test_a_change_of_another_version_than_the_one_seen_is_refused(sold: Subscription, lin: User) -> None:
    seen = sold.version
    subscription_changes.change_seats(sold, 6, by=lin, seen=seen)
    for act in (
        lambda: subscription_changes.change_seats(sold, 7, by=lin, seen=seen),
        lambda: subscription_changes.rename(sold, "x", by=lin, seen=seen),
        lambda: subscription_changes.suspend(sold, UNPAID, by=lin, seen=seen),
        lambda: subscription_changes.cancel(sold, by=lin, seen=seen),
    ):
        with pytest.raises(Refusal) as refused:
            act()
        assert refused.value.code is Code.SUBSCRIPTION_CHANGED
    assert (sold.seats, sold.status) == (6, Status.ACTIVE)


def test_a_plain_user_whose_only_subscription_is_suspended_stays_out(sold: Subscription, lin: User) -> None:
    nora = the(User, "Nora Quist")
    for licence in licences.of_user(nora):
        if licence.subscription is not sold:
            db.session.delete(licence)
    db.session.flush()
    subscription_changes.suspend(sold, UNPAID, by=lin)
    assert code(licences.why_not_sign_in(nora)) is Code.LOCKED_OUT
    nora.admin = Role.HELPDESK_ADMIN
    assert licences.why_not_sign_in(nora) is None


def test_day_and_moment_fit(sold: Subscription) -> None:
    assert day_of(start_of(sold.starts_on)) == sold.starts_on
    assert buys(sold.customer, "e1").starts_on == today() + DAY
