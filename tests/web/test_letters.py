"""Letters in words, in each language."""

import email
from email.policy import default
from urllib.parse import unquote

import pytest
from flask import Flask

from shared.domain.invitations import Invitation
from shared.domain.organisations import Partner
from shared.web import letters
from shared.world.rooms import Room

AWKWARD = ("Grüße,\r\nzwei Zeilen & <b>kein</b> Markup", "你好 🌿 \u202eabc\u202c")


@pytest.mark.rule("R13", "R14", "R16", "R17")
@pytest.mark.parametrize("language", ["en", "de", "zh"])
def test_the_mail_has_what_was_typed_the_one_link_and_the_note(
    app: Flask, room: Room, lotus: Partner, language: str
) -> None:
    with app.test_request_context(f"/w/{room.key}/partner/"):
        app.preprocess_request()
        invitation = Invitation(lotus)
        mail = letters.invitation_mail(invitation, ["  ", *AWKWARD, ""], language)
        link = letters.link_of(invitation)
        message = email.message_from_bytes(letters.draft(mail), policy=default)
        address = letters.mailto(mail)
    assert mail.paragraphs == [paragraph.replace("\r\n", "\n") for paragraph in AWKWARD]
    assert mail.link == link
    assert lotus.microsoft_id in link
    assert lotus.name in mail.subject
    assert mail.text.split("\n\n") == [*mail.paragraphs, link, mail.after]
    text, html = message.iter_parts()  # type: ignore[attr-defined]
    assert text.get_content().rstrip("\n") == mail.text
    assert "&lt;b&gt;kein&lt;/b&gt;" in html.get_content()
    assert "你好 🌿" in html.get_content()
    assert unquote(address.partition("&body=")[2]) == mail.text.replace("\n", "\r\n")


def test_a_name_with_a_line_break_cannot_add_a_header(app: Flask, room: Room, lotus: Partner) -> None:
    with app.test_request_context(f"/w/{room.key}/partner/"):
        app.preprocess_request()
        mail = letters.Mail("Hello\r\nBcc: everybody@example.com", ["x"], "http://localhost/", "y")
        with pytest.raises(ValueError, match="linefeed"):
            letters.draft(mail)


@pytest.mark.rule("R71")
def test_a_named_reseller_stands_in_the_link_and_in_the_note_alone(
    app: Flask, room: Room, harbor: Partner, reed: Partner
) -> None:
    with app.test_request_context(f"/w/{room.key}/partner/"):
        app.preprocess_request()
        alone = letters.invitation_mail(Invitation(harbor), ["x"], "en")
        together = letters.invitation_mail(Invitation(harbor, reed), ["x"], "en")
    assert together.link == f"{alone.link}&indirectResellerId={reed.microsoft_id}"
    assert (together.subject, together.paragraphs) == (alone.subject, alone.paragraphs)
    assert "The link identifies Harbor Distribution and says nothing about you." in alone.after
    assert "The link identifies Harbor Distribution and its reseller Reed Services" in together.after
