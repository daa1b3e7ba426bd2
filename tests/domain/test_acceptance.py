"""A customer accepts an invitation."""

import pytest

from shared.domain import acceptance, customer_list, privileges, relationships, revocation, subscriptions
from shared.domain.acceptance import Answer, Choice
from shared.domain.history import EventKind
from shared.domain.invitations import Invitation, why_not_answer
from shared.domain.organisations import Customer, Partner
from shared.domain.privileges import EndReason
from shared.domain.refusals import Code, Refusal
from shared.domain.services import Service
from shared.domain.subscriptions import Subscription
from shared.domain.users import User
from shared.extensions import db
from shared.world import rooms
from shared.world.rooms import DapConflict, Room
from tests.builders import a_customer, accepts, global_admin
from tests.conftest import the
from tests.domain.conftest import Elsewhere, events, fingerprint, letters, readers, rival

EXCHANGE, SHAREPOINT, SKYPE = Service.EXCHANGE, Service.SHAREPOINT, Service.SKYPE


def ticked(choices: list[Choice], partner: Partner) -> set[Service]:
    """What the page ticks for one partner before anybody touches it."""
    return {choice.service for choice in choices if choice.partner is partner and choice.ticked}


@pytest.mark.rule("R28", "R6", "R2", "R37")
def test_accepting_ties_the_two_and_hands_over_the_ticked_services_at_once(
    lotus: Partner, kiln: Customer, mei: User, elsewhere: Elsewhere
) -> None:
    given = accepts(mei, lotus, EXCHANGE, SKYPE)
    assert given == [EXCHANGE, SKYPE]
    assert privileges.held_by(lotus, kiln) == {EXCHANGE, SKYPE}
    assert [row.name for row in customer_list.listed(lotus).rows] == ["Blue Kiln"]


@pytest.mark.rule("R3", "R31", "R35")
def test_accepting_changes_no_subscription_seller_or_partner_of_record(lotus: Partner, room: Room) -> None:
    before = fingerprint(room)["Subscription"]
    for name in ("Mei Zhou", "Pavel Hron", "Dana Weiss"):
        accepts(the(User, name), lotus)
    assert fingerprint(room)["Subscription"] == before
    assert subscriptions.sold_counts(the(Customer, "Delta Foods")) == {the(Partner, "Jade IT").id: 1}


@pytest.mark.rule("R7", "R41")
def test_different_services_of_one_customer_may_be_with_different_partners(
    lotus: Partner, jade: Partner, delta: Customer, dana: User
) -> None:
    accepts(dana, lotus, SKYPE)
    assert privileges.holders(delta) == {EXCHANGE: jade, SHAREPOINT: jade, SKYPE: lotus}


@pytest.mark.rule("R8")
def test_a_customer_that_bought_elsewhere_can_hire_a_partner_to_run_it(
    lotus: Partner, kiln: Customer, mei: User
) -> None:
    assert [s.seller_id for s in db.session.query(Subscription).filter_by(customer_id=kiln.id)] == [None]
    accepts(mei, lotus)
    assert set(privileges.holders(kiln).values()) == {lotus}
    assert all(lotus.id not in sellers for sellers in subscriptions.services_bought(kiln).values())


@pytest.mark.rule("R42")
def test_what_another_transacting_partner_held_moves_with_its_reason(
    lotus: Partner, jade: Partner, delta: Customer, dana: User, elsewhere: Elsewhere
) -> None:
    accepts(dana, lotus, EXCHANGE)
    lost = privileges.of_pair(jade, delta)[EXCHANGE]
    assert lost.ended_by is EndReason.MOVED
    assert lost.until == privileges.of_pair(lotus, delta)[EXCHANGE].since
    assert privileges.held_by(jade, delta) == {SHAREPOINT, SKYPE}


@pytest.mark.rule("R42")
def test_whoever_lost_a_service_keeps_the_relationship_and_is_told(
    lotus: Partner, jade: Partner, delta: Customer, dana: User
) -> None:
    accepts(dana, lotus)
    tie = relationships.between(jade, delta)
    assert tie is not None
    assert tie.active
    assert readers("moved") == [the(User, "Jonas Falk").id]
    assert [letter.facts["services"] for letter in letters("moved")] == [["exchange", "sharepoint", "skype"]]


@pytest.mark.rule("R9", "R42", "R62", "R63")
def test_whoever_lost_a_service_takes_it_back_with_its_own_link(
    lotus: Partner, jade: Partner, delta: Customer, dana: User
) -> None:
    accepts(dana, lotus, EXCHANGE)
    accepts(dana, jade, EXCHANGE)
    assert privileges.holders(delta)[EXCHANGE] is jade
    assert privileges.of_pair(lotus, delta)[EXCHANGE].ended_by is EndReason.MOVED


@pytest.mark.rule("R42", "R71")
def test_those_who_do_not_transact_are_left_alone_when_a_service_moves(
    lotus: Partner, jade: Partner, willow: Partner, delta: Customer, dana: User
) -> None:
    accepts(dana, willow, EXCHANGE)
    assert privileges.holders(delta)[EXCHANGE] is jade
    accepts(dana, lotus, EXCHANGE)
    assert privileges.held_by(willow, delta) == {EXCHANGE}
    assert privileges.holders(delta)[EXCHANGE] is lotus


@pytest.mark.rule("R43")
def test_a_room_may_refuse_to_move_a_service(
    lotus: Partner, jade: Partner, delta: Customer, dana: User, room: Room
) -> None:
    rooms.change(dap_conflict=DapConflict.REFUSE)
    before = fingerprint(room)
    with pytest.raises(Refusal) as no:
        accepts(dana, lotus, EXCHANGE)
    assert (no.value.code, no.value.facts["holder"], no.value.facts["service"]) == (Code.DAP_HELD, jade, EXCHANGE)
    assert fingerprint(room) == before


@pytest.mark.rule("R43")
def test_a_refusing_room_still_gives_what_nobody_holds_or_no_transacting_partner_asks_for(
    lotus: Partner, willow: Partner, kiln: Customer, mei: User, dana: User, room: Room, elsewhere: Elsewhere
) -> None:
    rooms.change(dap_conflict=DapConflict.REFUSE)
    assert accepts(mei, lotus, EXCHANGE) == [EXCHANGE]
    assert accepts(dana, willow, EXCHANGE) == [EXCHANGE]


@pytest.mark.rule("R43", "R41")
def test_where_others_hold_everything_and_the_room_refuses_there_is_nothing_to_tick(
    lotus: Partner, willow: Partner, jade: Partner, delta: Customer, dana: User, room: Room
) -> None:
    held = privileges.holders(delta)
    assert acceptance.why_nothing_to_tick(Invitation(lotus), held) is None
    rooms.change(dap_conflict=DapConflict.REFUSE)
    refusal = acceptance.why_nothing_to_tick(Invitation(lotus), held)
    assert (refusal and refusal.code) == Code.ALL_HELD
    with pytest.raises(Refusal) as no:
        acceptance.accept(Invitation(lotus), {}, by=dana)
    assert no.value.code is Code.ALL_HELD
    free = dict.fromkeys((EXCHANGE, SKYPE), jade)
    for asked, holders in ((Invitation(lotus), free), (Invitation(jade), held), (Invitation(willow), held)):
        assert acceptance.why_nothing_to_tick(asked, holders) is None


@pytest.mark.rule("R43")
def test_another_rooms_setting_does_not_count_here(lotus: Partner, dana: User, elsewhere: Elsewhere) -> None:
    elsewhere.room.dap_conflict = DapConflict.REFUSE
    elsewhere.before["Room"] = fingerprint(elsewhere.room)["Room"]
    assert accepts(dana, lotus, EXCHANGE) == [EXCHANGE]


@pytest.mark.rule("R27")
def test_what_is_free_is_ticked_and_what_another_partner_holds_is_not(
    lotus: Partner, jade: Partner, delta: Customer, dana: User
) -> None:
    accepts(dana, lotus, SKYPE)
    choices = acceptance.choices(Invitation(lotus), delta)
    assert ticked(choices, lotus) == {SKYPE}
    assert {choice.service: choice.moves_from for choice in choices} == {EXCHANGE: jade, SHAREPOINT: jade, SKYPE: None}


@pytest.mark.rule("R27")
def test_everything_is_ticked_where_nobody_administers_yet(lotus: Partner, kiln: Customer) -> None:
    choices = acceptance.choices(Invitation(lotus), kiln)
    assert ticked(choices, lotus) == set(Service)
    assert all(choice.in_use for choice in choices)  # E1 brings all three


@pytest.mark.rule("R27", "R63")
def test_what_the_partner_sold_is_ticked_even_where_it_would_move(
    lotus: Partner, jade: Partner, delta: Customer, dana: User
) -> None:
    accepts(dana, lotus)
    choices = acceptance.choices(Invitation(jade), delta)
    assert ticked(choices, jade) == set(Service)
    assert {choice.moves_from for choice in choices} == {lotus}


@pytest.mark.rule("R27", "R43")
def test_a_refusing_room_ticks_nothing_that_it_would_refuse(
    lotus: Partner, jade: Partner, delta: Customer, dana: User, room: Room
) -> None:
    accepts(dana, lotus, EXCHANGE)
    rooms.change(dap_conflict=DapConflict.REFUSE)
    choices = acceptance.choices(Invitation(jade), delta)
    assert ticked(choices, jade) == {SHAREPOINT, SKYPE}
    assert [choice.refusal.code for choice in choices if choice.refusal] == [Code.DAP_HELD]


@pytest.mark.rule("R27", "R21")
def test_accepting_without_a_service_is_refused_because_there_must_be_something_to_give(
    lotus: Partner, kiln: Customer, mei: User, room: Room
) -> None:
    before = fingerprint(room)
    with pytest.raises(Refusal) as no:
        acceptance.accept(Invitation(lotus), {lotus: []}, by=mei)
    assert no.value.code is Code.NO_SERVICE
    assert relationships.between(lotus, kiln) is None
    assert fingerprint(room) == before


@pytest.mark.rule("R30")
def test_accepting_twice_is_harmless_and_adds_only_what_is_new(lotus: Partner, kiln: Customer, mei: User) -> None:
    accepts(mei, lotus, EXCHANGE)
    assert accepts(mei, lotus, EXCHANGE) == []
    assert accepts(mei, lotus, EXCHANGE, SKYPE) == [SKYPE]
    assert [event.service for event in events(EventKind.GRANT_DAP, kiln)] == [EXCHANGE, SKYPE]
    assert len(events(EventKind.ADD_RELATIONSHIP, kiln)) == 1


@pytest.mark.rule("R30")
def test_the_partners_admin_agents_read_the_answer_once(
    lotus: Partner, kiln: Customer, mei: User, lin: User, elsewhere: Elsewhere
) -> None:
    accepts(mei, lotus, EXCHANGE)
    accepts(mei, lotus, EXCHANGE)
    assert readers("accepted") == [lin.id]
    assert letters("accepted")[0].facts == {"customer": kiln.id, "services": ["exchange"], "known": False}


@pytest.mark.rule("R62", "R61", "R30")
def test_only_who_left_the_list_is_welcome_again(lotus: Partner, willow: Partner, kiln: Customer, mei: User) -> None:
    def answered(partner: Partner, *services: Service) -> tuple[list[Partner], list[bool]]:
        answer = acceptance.accept(Invitation(partner), {partner: services}, by=mei)
        return list(answer.welcome), [letter.facts["known"] for letter in letters("accepted")][-1:]

    for partner, again in ((lotus, []), (willow, [willow])):
        assert answered(partner, EXCHANGE) == ([partner], [False])
        assert answered(partner, SKYPE) == ([], [True])
        revocation.revoke(partner, [EXCHANGE, SKYPE], by=mei)
        assert answered(partner, EXCHANGE) == (again, [not again])


@pytest.mark.rule("R42")
def test_accepting_what_changed_while_the_page_was_open_is_refused(
    lotus: Partner, jade: Partner, kiln: Customer, mei: User, room: Room
) -> None:
    accepts(mei, jade, EXCHANGE)
    before = fingerprint(room)
    with pytest.raises(Refusal) as no:
        acceptance.accept(Invitation(lotus), {lotus: [EXCHANGE]}, by=mei, seen={EXCHANGE: None})
    assert (no.value.code, no.value.facts["moved"]) == (Code.CHANGED_MEANWHILE, [(EXCHANGE, jade)])
    assert fingerprint(room) == before


@pytest.mark.rule("R42", "R43")
def test_everything_ticked_that_changed_meanwhile_is_named(
    lotus: Partner, jade: Partner, kiln: Customer, mei: User, room: Room
) -> None:
    accepts(mei, jade, EXCHANGE, SKYPE)
    rooms.change(dap_conflict=DapConflict.REFUSE)
    seen = {EXCHANGE: None, SHAREPOINT: jade.id, SKYPE: jade.id}
    with pytest.raises(Refusal) as no:
        acceptance.accept(Invitation(lotus), {lotus: [SHAREPOINT, EXCHANGE, SKYPE]}, by=mei, seen=seen)
    assert (no.value.code, no.value.facts["moved"]) == (Code.CHANGED_MEANWHILE, [(EXCHANGE, jade), (SHAREPOINT, None)])


@pytest.mark.rule("R42")
def test_accepting_what_the_page_showed_is_not_held_up(
    lotus: Partner, jade: Partner, willow: Partner, kiln: Customer, mei: User
) -> None:
    accepts(mei, jade, EXCHANGE)
    seen = {EXCHANGE: jade.id, SKYPE: None}
    moved = acceptance.accept(Invitation(lotus), {lotus: [EXCHANGE, SKYPE]}, by=mei, seen=seen)
    assert moved == Answer(given={lotus: [EXCHANGE, SKYPE]}, lost={jade: [EXCHANGE]}, welcome=[lotus])
    stale_but_beside = {EXCHANGE: None}
    beside = acceptance.accept(Invitation(willow), {willow: [EXCHANGE]}, by=mei, seen=stale_but_beside)
    assert beside == Answer(given={willow: [EXCHANGE]}, lost={}, welcome=[willow])


@pytest.mark.rule("R24", "R25")
@pytest.mark.parametrize("name", ["Bo Lindt", "Ulla Maas", "Hal Brandt", "Nora Quist"])
def test_only_a_global_admin_of_the_tenant_accepts(name: str, lotus: Partner, kiln: Customer, room: Room) -> None:
    before = fingerprint(room)
    with pytest.raises(Refusal) as no:
        accepts(the(User, name), lotus)
    assert no.value.code is Code.NEEDS_GLOBAL_ADMIN
    assert no.value.facts["customer"] is kiln
    assert fingerprint(room) == before


@pytest.mark.rule("R24")
def test_a_partners_own_admins_never_accept_for_a_customer(lotus: Partner, jade: Partner, mei: User) -> None:
    accepts(mei, jade)
    for name in ("Jonas Falk", "Gao Rui", "Lin Chen"):
        with pytest.raises(Refusal):
            accepts(the(User, name), lotus)


@pytest.mark.rule("R40")
def test_a_partner_cannot_be_its_own_customer(lotus: Partner, lin: User) -> None:
    with pytest.raises(Refusal) as no:
        accepts(lin, lotus)
    assert (no.value.code, no.value.facts["partner"]) == (Code.OWN_TENANT, lotus)


@pytest.mark.rule("R40", "R71")
def test_a_reseller_named_in_the_link_is_told_that_it_is_its_own_tenant(harbor: Partner, reed: Partner) -> None:
    refusal = why_not_answer(Invitation(harbor, reed), the(User, "Ren Tao"))
    assert refusal is not None
    assert (refusal.code, refusal.facts["partner"]) == (Code.OWN_TENANT, reed)


@pytest.mark.rule("R40")
def test_a_partner_cannot_become_the_customer_of_another(jade: Partner, lin: User) -> None:
    with pytest.raises(Refusal) as no:
        accepts(lin, jade)
    assert (no.value.code, no.value.facts["partner"]) == (Code.CSP_TENANT, jade)


@pytest.mark.rule("R40")
def test_a_tenant_in_another_cloud_cannot_accept(lotus: Partner, kiln: Customer, mei: User) -> None:
    kiln.market = "US"
    with pytest.raises(Refusal) as no:
        accepts(mei, lotus)
    assert no.value.code is Code.OTHER_MARKET
    assert relationships.between(lotus, kiln) is None


@pytest.mark.rule("R40", "R76")
def test_a_suspended_partner_cannot_be_accepted_and_can_be_again_afterwards(
    lotus: Partner, jade: Partner, kiln: Customer, mei: User, delta: Customer
) -> None:
    lotus.suspended = jade.suspended = True
    with pytest.raises(Refusal) as no:
        accepts(mei, lotus)
    assert (no.value.code, no.value.facts["partner"]) == (Code.CANNOT_ACCEPT_NOW, lotus)
    assert privileges.held_by(jade, delta) == set(Service)
    lotus.suspended = False
    assert accepts(mei, lotus, EXCHANGE) == [EXCHANGE]


@pytest.mark.rule("R76", "R71")
def test_a_suspended_reseller_holds_up_the_link_that_names_it_and_no_other(
    harbor: Partner, reed: Partner, kiln: Customer, mei: User
) -> None:
    reed.suspended = True
    with pytest.raises(Refusal) as no:
        accepts(mei, harbor, reseller=reed)
    assert no.value.facts["partner"] is reed
    assert accepts(mei, harbor, EXCHANGE) == [EXCHANGE]


@pytest.mark.rule("R41", "R70", "R71")
def test_a_provider_and_its_reseller_hold_the_same_service_side_by_side(
    harbor: Partner, reed: Partner, kiln: Customer, mei: User, elsewhere: Elsewhere
) -> None:
    asked = Invitation(harbor, reed)
    assert [choice.partner for choice in acceptance.choices(asked, kiln)] == [harbor] * 3 + [reed] * 3
    acceptance.accept(asked, {harbor: [EXCHANGE], reed: [EXCHANGE, SKYPE]}, by=mei)
    assert privileges.holders(kiln) == {EXCHANGE: harbor}
    assert privileges.held_by(reed, kiln) == {EXCHANGE, SKYPE}


@pytest.mark.rule("R70", "R71")
def test_the_provider_owns_the_relationship_even_when_only_its_reseller_is_ticked(
    harbor: Partner, reed: Partner, kiln: Customer, mei: User
) -> None:
    answer = acceptance.accept(Invitation(harbor, reed), {reed: [SKYPE]}, by=mei)
    assert answer == Answer(given={harbor: [], reed: [SKYPE]}, lost={}, welcome=[harbor, reed])
    assert relationships.between(harbor, kiln) is not None
    assert privileges.held_by(harbor, kiln) == set()
    assert privileges.held_by(reed, kiln) == {SKYPE}


@pytest.mark.rule("R30", "R71")
def test_provider_and_reseller_each_read_what_they_were_given_themselves(
    harbor: Partner, reed: Partner, kiln: Customer, mei: User
) -> None:
    acceptance.accept(Invitation(harbor, reed), {harbor: [EXCHANGE], reed: [EXCHANGE, SKYPE]}, by=mei)
    told = {letter.to_id: letter.facts["services"] for letter in letters("accepted")}
    assert told == {the(User, "Hanna Ott").id: ["exchange"], the(User, "Ren Tao").id: ["exchange", "skype"]}


@pytest.mark.rule("R71")
def test_a_reseller_nobody_ticked_is_not_let_in(harbor: Partner, reed: Partner, kiln: Customer, mei: User) -> None:
    acceptance.accept(Invitation(harbor, reed), {harbor: [SKYPE]}, by=mei)
    assert relationships.between(reed, kiln) is None


@pytest.mark.rule("R41", "R71")
def test_a_reseller_takes_nothing_from_a_direct_partner(
    jade: Partner, harbor: Partner, reed: Partner, delta: Customer, dana: User
) -> None:
    asked = Invitation(harbor, reed)
    assert not any(choice.moves_from for choice in acceptance.choices(asked, delta) if choice.partner is reed)
    acceptance.accept(asked, {reed: list(Service)}, by=dana)
    assert set(privileges.holders(delta).values()) == {jade}


@pytest.mark.rule("R9", "R62")
def test_restoring_takes_up_the_old_tie_and_creates_nothing_twice(
    lotus: Partner, kiln: Customer, mei: User, room: Room
) -> None:
    accepts(mei, lotus)
    tie = relationships.between(lotus, kiln)
    rows = {name: len(fingerprint(room)[name]) for name in ("Relationship", "Privilege", "SearchTerm")}
    revocation.revoke(lotus, list(Service), by=mei)
    accepts(mei, lotus)
    assert relationships.between(lotus, kiln) is tie
    assert {name: len(fingerprint(room)[name]) for name in rows} == rows
    assert privileges.held_by(lotus, kiln) == set(Service)
    assert len(events(EventKind.ADD_RELATIONSHIP, kiln)) == 1


@pytest.mark.rule("R36", "R50")
def test_accepting_adds_nobody_to_the_customers_own_users(
    lotus: Partner, kiln: Customer, mei: User, room: Room
) -> None:
    before = fingerprint(room)["User"]
    accepts(mei, lotus)
    assert fingerprint(room)["User"] == before


@pytest.mark.rule("R81")
def test_history_names_who_accepted_what_was_lost_and_what_was_given(
    lotus: Partner, jade: Partner, delta: Customer, dana: User
) -> None:
    accepts(dana, lotus, EXCHANGE)
    [lost], given = events(EventKind.END_DAP, delta), events(EventKind.GRANT_DAP, delta)[-1]
    assert (lost.by, lost.partner, lost.service, lost.facts) == (dana, jade, EXCHANGE, {"reason": "moved"})
    assert (given.by, given.partner, given.service) == (dana, lotus, EXCHANGE)
    assert [(event.by, event.partner) for event in events(EventKind.ADD_RELATIONSHIP, delta)] == [(dana, lotus)]


@pytest.mark.rule("R41", "R42")
def test_a_service_goes_round_all_partners_and_ends_with_one(room: Room) -> None:
    customer = a_customer()
    admin = global_admin(customer)
    partners = [rival(f"Cloud {number}") for number in range(4)]
    for partner in [*partners, partners[1]]:
        accepts(admin, partner, EXCHANGE)
    assert privileges.holders(customer) == {EXCHANGE: partners[1]}
    assert sum(p.in_force for p in privileges.privileges_on(customer)) == 1
