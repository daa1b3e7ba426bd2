"""Who works for an organisation: its admins add people, give them settings or roles, and remove them (P1-P5, 3.2)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from ..extensions import db
from ..world import clock
from ..world.pages import as_id
from . import history, licences, passwords, users
from .edits import Facts, differing
from .history import Event, EventKind
from .organisations import Customer, Partner
from .passwords import Hashed
from .permissions import Permission, Role
from .refusals import Code, Refusal
from .users import GLOBAL_ADMINS, User


@dataclass(frozen=True)
class Side:
    """What differs between a partner's people and a customer's: settings to choose from, and who may do what."""

    agents: tuple[Role, ...]
    admins: tuple[Role, ...]
    manage: Permission
    grant: Permission
    added: EventKind
    changed: EventKind
    removed: EventKind


OF_PARTNER = Side(
    agents=(Role.ADMIN_AGENT, Role.SALES_AGENT, Role.HELPDESK_AGENT),
    admins=(Role.PARTNER_GLOBAL_ADMIN, Role.PARTNER_BILLING_ADMIN, Role.PARTNER_USER_ADMIN),
    manage=Permission.MANAGE_PARTNER_USERS,
    grant=Permission.GRANT_PARTNER_ADMIN,
    added=EventKind.ADD_PARTNER_USER,
    changed=EventKind.CHANGE_PARTNER_USER,
    removed=EventKind.REMOVE_PARTNER_USER,
)
OF_CUSTOMER = Side(
    agents=(),
    admins=(Role.GLOBAL_ADMIN, Role.BILLING_ADMIN, Role.USER_ADMIN, Role.SERVICE_ADMIN, Role.HELPDESK_ADMIN),
    manage=Permission.MANAGE_CUSTOMER_USERS,
    grant=Permission.GRANT_CUSTOMER_ADMIN,
    added=EventKind.ADD_CUSTOMER_USER,
    changed=EventKind.CHANGE_CUSTOMER_USER,
    removed=EventKind.REMOVE_CUSTOMER_USER,
)


def side_of(organisation: Partner | Customer) -> Side:
    """The rules for the people of this organisation."""
    return OF_PARTNER if isinstance(organisation, Partner) else OF_CUSTOMER


def find(organisation: Partner | Customer, user_id: str) -> User | None:
    """The person of this organisation with this id, which may be anything a stranger typed; removed ones as well."""
    user = db.session.scalar(select(User).where(User.id == number)) if (number := as_id(user_id)) is not None else None
    return user if user and user.organisation is organisation else None


def email_of(organisation: Partner | Customer, local: str) -> str:
    """The sign-in name of whoever is called `local` at this organisation. RULING: it is the e-mail address too."""
    return f"{local.strip().lower()}@{organisation.domain}"


def why_not_manage(organisation: Partner | Customer, *, by: User) -> Refusal | None:
    """Why `by` cannot add, change or remove people: it takes a Global admin or User management admin (P3, 3.2)."""
    return users.why_not(by, side_of(organisation).manage)


def why_not_grant(organisation: Partner | Customer, *, by: User) -> Refusal | None:
    """Why `by` cannot give or take admin roles: only a Global admin does (P3; RULING: for customers alike)."""
    return users.why_not(by, side_of(organisation).grant)


def why_not_add(organisation: Partner | Customer, email: str, admin: Role | None, *, by: User) -> Refusal | None:
    """Why `by` cannot add somebody with this sign-in name and admin role (P3, P4)."""
    taken = Refusal(Code.EMAIL_TAKEN, email=email) if users.with_email(email) else None
    return (why_not_grant if admin else why_not_manage)(organisation, by=by) or taken


def add(
    organisation: Partner | Customer,
    name: str,
    email: str,
    *,
    agent: Role | None = None,
    admin: Role | None,
    temporary: Hashed,
    by: User,
) -> User:
    """The new person, with a temporary password (P4). Refuses as `why_not_add` does."""
    users.lock(organisation, by)
    if refusal := why_not_add(organisation, email, admin, by=by):
        raise refusal
    where = {"partner": organisation} if isinstance(organisation, Partner) else {"customer": organisation}
    user = User(name=name, email=email, agent=agent, admin=admin, **where)
    try:
        with db.session.begin_nested():
            db.session.add(user)
    except IntegrityError:  # somebody else took the name at the same moment
        raise Refusal(Code.EMAIL_TAKEN, email=email) from None
    _record(side_of(organisation).added, user, by=by, new=_settings(user))
    passwords.give_temporary(user, temporary)
    return user


def just_added(
    organisation: Partner | Customer, name: str, email: str, *, agent: Role | None = None, admin: Role | None, by: User
) -> User | None:
    """Whom `by` added a moment ago with exactly these facts, if anybody: the same button was pressed twice."""
    user, typed = users.with_email(email), (name, agent, admin)
    if user is None or user.organisation is not organisation or (user.name, user.agent, user.admin) != typed:
        return None
    return user if history.just_did(side_of(organisation).added, organisation, name, by=by) else None


def facts_of(user: User) -> Facts:
    """What an admin may edit of this person, by field, as it is now."""
    settings = (
        {"agent": user.agent or "", "admin": user.admin or ""} if user.partner_id else {"admin": user.admin or ""}
    )
    return {"name": user.name, **settings}


def changed_last(user: User) -> list[Event]:
    """The newest change of this person, if there was any."""
    side = side_of(user.organisation)
    return history.newest_about(user, side.added, side.changed)


def why_not_edit(user: User, *, by: User) -> Refusal | None:
    """Why `by` cannot change anything of this person: the role (P3, 3.2), or nobody can any more."""
    return why_not_manage(user.organisation, by=by) or users.why_not_there(user)


def why_not_regrant(user: User, *, by: User) -> Refusal | None:
    """Why `by` cannot give this person another admin role or none: the last Global admin stays one (P3)."""
    if refusal := why_not_grant(user.organisation, by=by):
        return refusal
    if user.admin in GLOBAL_ADMINS and users.global_admins(user.organisation) == [user]:
        return Refusal(Code.LAST_GLOBAL_ADMIN, organisation=user.organisation)
    return None


def why_not_change(user: User, admin: Role | None, *, by: User) -> Refusal | None:
    """Why `by` cannot change this person, with `admin` for an admin role, which only a Global admin changes (P3)."""
    if admin is user.admin:
        return why_not_edit(user, by=by)
    return why_not_regrant(user, by=by) or users.why_not_there(user)


def change(
    user: User,
    name: str,
    *,
    agent: Role | None = None,
    admin: Role | None,
    by: User,
    seen: Mapping[str, str] | None = None,
) -> bool:
    """Another name or other settings, from the next click on; whether anything changed.

    `seen` is what the page showed, of `facts_of`: EditedMeanwhile when something else stands there now. Refuses as
    `why_not_change` does.
    """
    users.lock(user.organisation, user, by)
    if refusal := why_not_edit(user, by=by):
        raise refusal
    now, typed = facts_of(user), {"name": name, "agent": agent or "", "admin": admin or ""}
    if not differing(typed, now, now if seen is None else seen):
        return False
    if refusal := why_not_change(user, admin, by=by):
        raise refusal
    old = _settings(user)
    user.name, user.agent, user.admin = name, agent, admin
    _record(side_of(user.organisation).changed, user, by=by, old=old, new=_settings(user))
    return True


def why_not_remove(user: User, *, by: User) -> Refusal | None:
    """Why `by` cannot remove this person: whoever has an admin role loses it with that (P3)."""
    return why_not_change(user, None, by=by)


def remove(user: User, *, by: User) -> None:
    """Take a person out of every list and end their sessions; history keeps the name (R81).

    Refuses as `why_not_remove` does.
    """
    users.lock(user.organisation, user, by)
    if refusal := why_not_remove(user, by=by):
        raise refusal
    _record(side_of(user.organisation).removed, user, by=by, old=_settings(user))
    licences.take_all(user)
    user.until = clock.now()
    user.session_version += 1


def _settings(user: User) -> list[str]:
    return sorted(role.value for role in (user.agent, user.admin) if role)


def _record(kind: EventKind, user: User, *, by: User, **facts: Any) -> None:
    history.record(kind, by=by, partner=user.partner, customer=user.customer, person=user.name, **facts)
