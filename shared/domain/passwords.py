"""Passwords of accounts made in a room: a temporary one first, only a hash kept, recovered by their owner (P4, P8)."""

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Semaphore
from typing import NamedTuple

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from ..extensions import Model, db
from ..world import clock, mailbox
from ..world.columns import Moment
from ..world.rooms import InRoom
from . import history
from .history import EventKind
from .permissions import Permission
from .refusals import Code, Refusal
from .users import SignIn, User, lock, why_not, why_not_there, with_email

SHORTEST, LONGEST = 8, 128
LINK_LASTS = timedelta(hours=1)
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is mistaken for another when read aloud or copied by hand
HASHER = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
NOBODYS = "$argon2id$v=19$m=19456,t=2,p=1$aj/TqswSGBxlbWhUlY8kYg$rgaayDsJIuYYzNe2eIV9QMi4n9FsJaZgLQLkwYTw3jo"


class Hashed(NamedTuple):
    """A password and its hash, made before anything is written: hashing is slow on purpose, and writers queue."""

    text: str
    hash: str


class Busy(Exception):
    """Too many people sign in at this moment; the next try will do."""


class Password(InRoom, Model):
    """The hash of one person's password, and of the one link with which its owner may set a new one."""

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), primary_key=True)
    hash: Mapped[str] = mapped_column(String(128))
    link: Mapped[str | None] = mapped_column(String(64))
    link_until: Mapped[datetime | None] = mapped_column(Moment)

    def opens_with(self, token: str) -> bool:
        """Whether this is the newest link, not used and not too old by the room's clock."""
        fresh = self.link_until is not None and clock.now() < self.link_until
        return fresh and self.link is not None and secrets.compare_digest(self.link, _digest(token))


_one_at_a_time = Semaphore(1)


@contextmanager
def _our_turn() -> Iterator[None]:
    """Hashing is slow and takes much memory on purpose: one at a time a process, and nobody waits for long."""
    if not _one_at_a_time.acquire(timeout=3):
        raise Busy
    try:
        yield
    finally:
        _one_at_a_time.release()


def hashed(text: str) -> Hashed:
    """A password somebody chose, ready to be kept."""
    with _our_turn():
        return Hashed(text, HASHER.hash(text))


def temporary() -> Hashed:
    """A new password that nobody chose, to be shown once."""
    return hashed("-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(3)))


def tried(user: User | None, typed: str) -> Hashed | None:
    """What `typed` opens, if it is this person's password now; takes as long for somebody who has none."""
    kept = db.session.get(Password, user.id) if user else None
    against = kept.hash if kept else NOBODYS
    with _our_turn():
        try:
            HASHER.verify(against, typed)
        except (VerificationError, InvalidHashError):
            return None
    return Hashed(typed, against) if kept else None


def matches(user: User | None, typed: str) -> bool:
    """Whether `typed` is this person's password."""
    return tried(user, typed) is not None


def give_temporary(user: User, password: Hashed) -> None:
    """A temporary password: only its hash is kept, and it must be changed at sign-in (P4).

    Every session of this person ends.
    """
    _keep(user, password, SignIn.TEMPORARY)


def why_not_change(user: User, current: Hashed | None, new: Hashed) -> Refusal | None:
    """Why this person cannot take `new` instead of `current`: that is not what is kept by now, or no new one (P4)."""
    if user.sign_in is SignIn.ONE_CLICK:
        return Refusal(Code.ONE_CLICK, user=user)
    kept = db.session.get(Password, user.id)
    if current is None or kept is None or current.hash != kept.hash:
        return Refusal(Code.PASSWORD_WRONG)
    return Refusal(Code.PASSWORD_SAME) if new.text == current.text else why_not_there(user)


def change(user: User, current: Hashed | None, new: Hashed) -> None:
    """Take a new password; every session of this person ends. Refuses as `why_not_change` does.

    `current` is what was typed as it was `tried`: of two who change it at once, one comes too late.
    """
    _wait_for(user)
    if refusal := why_not_change(user, current, new):
        raise refusal
    _keep(user, new, SignIn.PASSWORD)
    _record(EventKind.CHANGE_PASSWORD, user, by=user)


def why_not_reset(user: User, *, by: User) -> Refusal | None:
    """Why `by` cannot give this person a temporary password: partner users recover theirs alone (P8), a Helpdesk
    admin resets only non-admins (3.2), and whoever signs in with one click has none.

    RULING: one's own is changed instead; a reset would end the session that was to show it.
    """
    if user.partner_id is not None:
        return Refusal(Code.OWNER_RECOVERS, user=user)
    wanted = Permission.RESET_ADMIN_PASSWORDS if user.roles else Permission.RESET_PASSWORDS
    if refusal := why_not(by, wanted):
        return refusal
    if user.sign_in is SignIn.ONE_CLICK:
        return Refusal(Code.ONE_CLICK, user=user)
    return Refusal(Code.OWN_PASSWORD, user=user) if user.id == by.id else why_not_there(user)


def reset(user: User, password: Hashed, *, by: User) -> None:
    """A temporary password for somebody else. Refuses as `why_not_reset` does."""
    lock(user.organisation, user, by)  # who removes or promotes somebody at this moment is waited for
    if refusal := why_not_reset(user, by=by):
        raise refusal
    _record(EventKind.RESET_PASSWORD, user, by=by)
    give_temporary(user, password)


def ask_recovery(email: str) -> None:
    """Send a one-time link to the mailbox of whoever signs in with a password under this name, if anybody (P8).

    A newer link replaces the one before.
    """
    user = with_email(email)
    kept = db.session.get(Password, user.id) if user else None
    if user and kept:
        token = secrets.token_urlsafe(16)
        kept.link, kept.link_until = _digest(token), clock.now() + LINK_LASTS
        mailbox.post("recovery", to=user.id, token=token, side="partner" if user.partner_id else "admin")
        _record(EventKind.ASK_RECOVERY, user, by=user)


def why_not_recover(user: User | None, token: str) -> Refusal | None:
    """Why this link sets no new password: it was used, replaced, is too old, or never was one (P8)."""
    kept = db.session.get(Password, user.id) if user else None
    opens = user and kept and user.until is None and kept.opens_with(token)
    return None if opens else Refusal(Code.RECOVERY_SPENT)


def recover(user: User, token: str, new: Hashed) -> None:
    """Set a new password with the link of the letter, which is spent by it. Refuses as `why_not_recover` does."""
    _wait_for(user)  # of two who follow it at once one comes too late
    if refusal := why_not_recover(user, token):
        raise refusal
    _keep(user, new, SignIn.PASSWORD)
    _record(EventKind.CHANGE_PASSWORD, user, by=user)


def _wait_for(user: User) -> None:
    """Whoever else changes this person, or their password; and both as they are now."""
    lock(user.organisation, user)
    db.session.get(Password, user.id, populate_existing=True)


def _keep(user: User, password: Hashed, kind: SignIn) -> None:
    """The hash, and nothing else; whatever link there was is spent, and every session ends."""
    kept = db.session.get(Password, user.id) or Password(user_id=user.id)
    kept.hash, kept.link, kept.link_until = password.hash, None, None
    db.session.add(kept)
    user.sign_in = kind
    user.session_version += 1


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _record(kind: EventKind, user: User, *, by: User) -> None:
    history.record(kind, by=by, partner=user.partner, customer=user.customer, person=user.name)
