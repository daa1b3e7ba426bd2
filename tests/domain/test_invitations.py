"""A partner's one reusable link, and what it may not be used for."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from shared.domain import invitations, relationships
from shared.domain.history import EventKind, invitations_sent
from shared.domain.invitations import (
    Invitation,
    behind,
    on_offer,
    why_not_invite,
    why_not_link,
    why_not_own_invitation,
    why_not_words,
)
from shared.domain.organisations import Customer, Partner
from shared.domain.privileges import Privilege
from shared.domain.refusals import Code, Refusal
from shared.domain.users import User
from shared.extensions import db
from shared.world import clock, rooms
from shared.world.rooms import Room
from tests.builders import accepts
from tests.conftest import the
from tests.domain.conftest import Elsewhere, events, fingerprint, letters, rival

LINK = "http://localhost/partner/partnersignup.aspx?type=ResellerRelationship&id=1&csp=1&msppid=0"


class TestTheLink:
    """One per partner, the same every time, in two forms."""

    @pytest.mark.rule("R16", "R22")
    def test_it_says_who_asks_and_holds_nothing_of_any_customer(
        self, lotus: Partner, kiln: Customer, mei: User
    ) -> None:
        query = Invitation(lotus).query
        assert query == {"type": "ResellerRelationship", "id": lotus.microsoft_id, "csp": "1", "msppid": "0"}
        accepts(mei, lotus)
        said = " ".join([*query, *query.values(), *Invitation(lotus).later_query.values()])
        for customer in db.session.scalars(select(Customer)):
            for fact in (customer.microsoft_id, customer.name, customer.domain):
                assert fact not in said

    @pytest.mark.rule("R17", "R20", "R62")
    def test_it_is_the_same_before_and_after_every_use_and_never_expires(self, lotus: Partner, mei: User) -> None:
        first = on_offer(lotus)[0].query
        accepts(mei, lotus)
        clock.advance(timedelta(days=3650))
        assert on_offer(lotus)[0].query == first
        assert behind(first).partner is lotus
        accepts(the(User, "Pavel Hron"), behind(first).partner)

    @pytest.mark.rule("R22")
    def test_both_documented_forms_lead_to_the_same_invitation(self, harbor: Partner, reed: Partner) -> None:
        for asked in (Invitation(harbor), Invitation(harbor, reed)):
            assert behind(asked.query) == behind(asked.later_query) == asked
        assert Invitation(harbor).later_query == {
            "invType": "ResellerRelationship",
            "partnerId": harbor.microsoft_id,
            "msppId": "0",
            "DAP": "true",
        }

    @pytest.mark.rule("R40", "R14")
    @pytest.mark.parametrize(
        "change",
        [
            {"id": "11111111-2222-3333-4444-555555555555"},
            {"id": ""},
            {"id": "\0"},
            {"id": None},
            {"type": None},
            {"type": "Advisor"},
            {"csp": "0"},
            {"msppid": None},
            {"customer": "Blue Kiln"},
            {"DAP": "false"},
            {"indirectResellerId": "11111111-2222-3333-4444-555555555555"},
        ],
        ids=str,
    )
    def test_anything_missing_changed_or_added_makes_it_unknown(
        self, change: dict[str, str | None], lotus: Partner
    ) -> None:
        query = {name: value for name, value in (Invitation(lotus).query | change).items() if value is not None}
        with pytest.raises(Refusal) as no:
            behind(query)
        assert no.value.code is Code.LINK_UNKNOWN

    @pytest.mark.rule("R21")
    def test_no_link_leaves_delegated_admin_out(self, lotus: Partner) -> None:
        without = Invitation(lotus).later_query | {"DAP": "false"}
        with pytest.raises(Refusal):
            behind(without)

    @pytest.mark.rule("R40")
    def test_a_link_of_another_room_is_unknown_here(self, room: Room) -> None:
        other = Elsewhere()
        with rooms.inside(other.room):
            query = Invitation(the(Partner, "Lotus Cloud")).query
        with pytest.raises(Refusal) as no:
            behind(query)
        assert no.value.code is Code.LINK_UNKNOWN

    @pytest.mark.rule("R23", "R30")
    def test_following_it_changes_nothing(self, lotus: Partner, room: Room) -> None:
        before = fingerprint(room)
        behind(Invitation(lotus).query)
        assert fingerprint(room) == before


class TestTheIndirectModel:
    """Providers invite; their resellers pass it on."""

    @pytest.mark.rule("R68", "R71")
    def test_a_provider_hands_on_its_own_link_or_one_that_names_a_reseller(
        self, harbor: Partner, reed: Partner
    ) -> None:
        another = rival("Ash Services", kind=reed.kind, provider=harbor)
        assert on_offer(harbor) == [Invitation(harbor), Invitation(harbor, another), Invitation(harbor, reed)]

    @pytest.mark.rule("R69")
    def test_a_reseller_has_its_providers_invitation_and_none_of_its_own(
        self, harbor: Partner, reed: Partner, lin: User
    ) -> None:
        assert on_offer(reed) == [Invitation(harbor)]
        refusal = why_not_own_invitation(the(User, "Ren Tao"))
        assert refusal is not None
        assert (refusal.code, refusal.facts["partner"]) == (Code.INDIRECT_RESELLER, harbor)
        assert why_not_own_invitation(lin) is None

    @pytest.mark.rule("R68", "R69", "R71")
    def test_a_reseller_is_named_as_soon_as_its_provider_hands_it_such_a_link_and_by_nobody_else(
        self, harbor: Partner, reed: Partner, lin: User, lotus: Partner
    ) -> None:
        hanna, ren, named = the(User, "Hanna Ott"), the(User, "Ren Tao"), Invitation(harbor, reed)
        another = rival("Ash Services", kind=reed.kind, provider=harbor)
        words: dict[str, Any] = {"language": "en", "paragraphs": []}
        invitations.send(Invitation(harbor, another), to=ren, by=hanna, **words)
        assert on_offer(reed) == [Invitation(harbor)]
        invitations.send(named, to=ren, by=hanna, **words)
        invitations.send(Invitation(lotus), to=ren, by=lin, **words)
        assert on_offer(reed) == [named]
        assert on_offer(another) == [Invitation(harbor)]

    @pytest.mark.rule("R69")
    def test_a_link_that_names_a_reseller_as_the_asking_partner_is_unknown(self, reed: Partner) -> None:
        for query in (Invitation(reed).query, Invitation(reed).later_query):
            with pytest.raises(Refusal) as no:
                behind(query)
            assert no.value.code is Code.LINK_UNKNOWN

    @pytest.mark.rule("R70")
    def test_whoever_passes_it_on_the_provider_gets_the_relationship(
        self, harbor: Partner, reed: Partner, kiln: Customer, mei: User
    ) -> None:
        [passed_on] = on_offer(reed)
        accepts(mei, behind(passed_on.query).partner)
        assert relationships.between(harbor, kiln) is not None
        assert relationships.between(reed, kiln) is None

    @pytest.mark.rule("R71", "R40")
    def test_a_link_that_pairs_a_provider_with_someone_elses_reseller_is_unknown(
        self, harbor: Partner, lotus: Partner, reed: Partner
    ) -> None:
        for query in (Invitation(lotus, reed).query, Invitation(harbor, lotus).query):
            with pytest.raises(Refusal) as no:
                behind(query)
            assert no.value.code is Code.LINK_UNKNOWN


class TestWhoMayInvite:
    """Role first, then the standing of the account."""

    @pytest.mark.rule("R10")
    @pytest.mark.parametrize("name", ["Lin Chen", "Sara Blom", "Gao Rui"])
    def test_admin_agents_sales_agents_and_global_admins_may(self, name: str, room: Room) -> None:
        assert why_not_invite(the(User, name)) is None

    @pytest.mark.rule("R10")
    @pytest.mark.parametrize("name", ["Hugo Park", "Bea Novak", "Uma Iyer", "Mei Zhou"])
    def test_nobody_else_may(self, name: str, room: Room, mei: User, lotus: Partner) -> None:
        refusal = why_not_invite(the(User, name))
        assert refusal is not None
        assert (refusal.code, refusal.rule) == (Code.ROLE, "R10")

    @pytest.mark.rule("R73")
    def test_a_suspended_account_cannot_request(
        self, lotus: Partner, lin: User, mei: User, elsewhere: Elsewhere
    ) -> None:
        lotus.suspended = True
        with pytest.raises(Refusal) as no:
            sends(lin, mei)
        assert no.value.code is Code.PARTNER_SUSPENDED
        assert letters() == []


class TestTheMailAsPosted:
    """What comes back from the page must still hold the link that was generated."""

    @pytest.mark.rule("R14")
    @pytest.mark.parametrize(
        ("posted", "code"),
        [
            ("", Code.LINK_MISSING),
            (" \n", Code.LINK_MISSING),
            (LINK + "x", Code.LINK_ALTERED),
            (LINK.replace("id=1", "id=2"), Code.LINK_ALTERED),
            ("see below", Code.LINK_ALTERED),
            (LINK, None),
            (f" {LINK}\n", None),
        ],
    )
    def test_a_missing_or_altered_link_is_named(self, posted: str, code: Code | None) -> None:
        refusal = why_not_link(posted, {LINK})
        assert (refusal and refusal.code) == code

    @pytest.mark.rule("R14")
    @pytest.mark.parametrize(
        "paragraph",
        [LINK.replace("csp=1", "csp=0"), "Or http://elsewhere.example/Adminportal/Home?INVTYPE=ResellerRelationship"],
    )
    def test_a_look_alike_among_the_words_is_named_as_one(self, paragraph: str) -> None:
        refusal = why_not_words(paragraph, {LINK})
        assert refusal is not None
        assert refusal.code is Code.LINK_LOOKALIKE

    @pytest.mark.rule("R13")
    @pytest.mark.parametrize("paragraph", ["", "Dear Mei,\nwe met in Hangzhou.", f"use this: <{LINK}>."])
    def test_a_paragraph_may_be_deleted_or_say_anything_else(self, paragraph: str) -> None:
        assert why_not_words(paragraph, {LINK}) is None


def sends(by: User, to: User, **more: Any) -> bool:
    """`by` sends the usual invitation of its partner."""
    assert by.partner is not None
    asked = on_offer(by.partner)[0]
    return invitations.send(asked, to=to, by=by, language="en", paragraphs=["Dear Mei,", ""], **more)


class TestSending:
    """Into a mailbox of this room, and into the sender's own log."""

    @pytest.mark.rule("R18", "R13", "R81")
    def test_the_letter_goes_to_one_mailbox_with_the_paragraphs_as_edited(
        self, lin: User, mei: User, lotus: Partner, elsewhere: Elsewhere
    ) -> None:
        assert sends(lin, mei)
        [letter] = letters()
        assert (letter.kind, letter.to_id, letter.from_id) == ("invitation", mei.id, lin.id)
        assert letter.facts["paragraphs"] == ["Dear Mei,", ""]
        assert letter.facts["partner"] == lotus.id
        assert [(event.by, event.customer) for event in events(EventKind.SEND_INVITATION)] == [(lin, mei.customer)]

    @pytest.mark.rule("R19")
    def test_sending_makes_no_pending_state_only_an_entry_in_the_senders_log(
        self, lin: User, mei: User, lotus: Partner, jade: Partner, kiln: Customer, room: Room
    ) -> None:
        before = fingerprint(room)
        sends(lin, mei)
        changed = {name for name, rows in fingerprint(room).items() if rows != before[name]}
        assert changed == {"Letter", "Event"}
        assert relationships.between(lotus, kiln) is None
        assert db.session.scalars(select(Privilege).where(Privilege.customer_id == kiln.id)).all() == []
        assert [event.facts["to"] for event in invitations_sent(lotus).rows] == [mei.id]
        assert invitations_sent(jade).rows == []

    @pytest.mark.rule("R18")
    def test_one_press_of_the_button_sends_one_letter(self, lin: User, mei: User) -> None:
        assert sends(lin, mei, once="first press")
        assert not sends(lin, mei, once="first press")
        assert sends(lin, mei, once="second press")
        assert len(letters()) == len(events(EventKind.SEND_INVITATION)) == 2

    @pytest.mark.rule("R10")
    def test_who_may_not_invite_sends_nothing(self, mei: User, room: Room) -> None:
        before = fingerprint(room)
        with pytest.raises(Refusal):
            sends(the(User, "Hugo Park"), mei)
        assert fingerprint(room) == before

    @pytest.mark.rule("R68", "R69")
    def test_a_reseller_passes_on_its_providers_letter(self, harbor: Partner, reed: Partner, mei: User) -> None:
        sends(the(User, "Ren Tao"), mei)
        [letter] = letters()
        assert (letter.facts["partner"], letter.facts["reseller"]) == (harbor.id, None)
        assert [event.partner for event in events(EventKind.SEND_INVITATION)] == [reed]
