"""Add customer: what was typed so far, in a signed cookie that goes to the wizard alone: so each step has an address.

One draft for each wizard begun; what does not fit any more pushes out the oldest.
"""

import re
import secrets
from collections.abc import Mapping

from flask import current_app, request, url_for
from flask_login import current_user
from itsdangerous import BadData, URLSafeSerializer
from werkzeug.wrappers import Response

COOKIE, MOST = "counterpart_new_customer", 3800  # of the 4096 bytes browsers take with its name and path
KEY = re.compile(r"[\w-]{1,16}", re.ASCII)

Drafts = dict[str, dict[str, str]]


def key() -> str:
    """Which of them this page is about; a new one for whoever just begins."""
    asked = request.values.get("draft", "")
    return asked if KEY.fullmatch(asked) else secrets.token_urlsafe(6)


def all_kept() -> Drafts:
    """What this person typed so far, by wizard; nobody else who uses the browser reads it."""
    try:
        kept: Drafts = _signer().loads(request.cookies.get(COOKIE, ""))
    except BadData:
        return {}
    return kept


def keep(answer: Response, draft: str, typed: Mapping[str, str]) -> bool:
    """Keep this one, or forget it when nothing is typed; False where there is no room, which any valid one has."""
    mine = {draft: dict(typed)} if typed else {}
    others = {name: kept for name, kept in all_kept().items() if name != draft}
    while len(value := _packed(others | mine)) > MOST and others:
        others.pop(next(iter(others)))
    if len(value) > MOST:
        return False
    path, secure = url_for(".customer_add"), request.is_secure
    answer.set_cookie(COOKIE, value, path=path, secure=secure, httponly=True, samesite="Lax")
    return True


def _packed(drafts: Drafts) -> str:
    return str(_signer().dumps(drafts))


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(
        current_app.config["SECRET_KEY"], salt=f"{COOKIE} {url_for('.customer_add')} {current_user.id}"
    )
