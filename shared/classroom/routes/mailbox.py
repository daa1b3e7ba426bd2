"""Everybody's mailbox: the room's own post, open to whoever is in the room."""

from flask import abort, render_template, request
from sqlalchemy import select

from ...extensions import db
from ...web import letters as words
from ...web.guards import open_to_everyone
from ...web.keysets import before_id
from ...world import database
from ...world import mailbox as post
from ...world.mailbox import Letter
from ...world.pages import as_id
from ..blueprint import classroom
from .lobby import person_or_404


@classroom.get("/w/<room>/mail/<int:person>/")
@open_to_everyone
def mailbox(person: int) -> str:
    """One person's letters, newest first."""
    reader = person_or_404(person)
    before = before_id()
    page = post.letters_for(reader.id, before=before)
    mails = words.in_words(page.rows)
    return render_template("classroom/mailbox.html", reader=reader, page=page, mails=mails, further=before)


@classroom.get("/w/<room>/mail/<int:person>/<int:number>")
@open_to_everyone
def letter(person: int, number: int) -> str:
    """One letter; opening it marks it as read, in a small transaction of its own; asking for its head does not."""
    reader = person_or_404(person)
    found = _letter(reader.id, number)
    if found.read_at is None and request.method != "HEAD":
        with database.writing():
            post.read(_letter(reader.id, number))
        reader, found = person_or_404(person), _letter(reader.id, number)
    return render_template("classroom/letter.html", reader=reader, letter=found, mail=words.in_words([found])[found.id])


def _letter(person: int, number: int) -> Letter:
    if as_id(str(number)) is None:
        abort(404)
    found = db.session.scalar(select(Letter).where(Letter.id == number, Letter.to_id == person))
    return found or abort(404)
