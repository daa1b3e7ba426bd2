"""Partners and customers: two kinds of organisation that never are each other (R1)."""

import uuid
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from ..extensions import Model
from ..world.columns import Key, one_of
from ..world.rooms import InRoom
from .search import filed

HOME_MARKET = "CN"


def new_microsoft_id() -> str:
    """A tenant GUID, lower case, 36 characters."""
    return str(uuid.uuid4())


class PartnerKind(StrEnum):
    """How a partner is in business."""

    DIRECT = "direct"
    PROVIDER = "provider"
    INDIRECT_RESELLER = "indirect_reseller"
    ADVISOR = "advisor"

    @property
    def transacting(self) -> bool:
        """Orders from and is billed by 21Vianet, so it counts for R41 and resells in its own name."""
        return self in (PartnerKind.DIRECT, PartnerKind.PROVIDER)


class Partner(InRoom, Model):
    """A company with a Partner Center account. `provider` stands behind an indirect reseller (R69).

    It is billed on its `billing_day` of each month, and what it sells ends on one (B2, S2).
    """

    __table_args__ = (
        Index("ix_partner_room", "room_id", "microsoft_id", unique=True),
        CheckConstraint("billing_day BETWEEN 1 AND 28", name="a_day_of_every_month"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    microsoft_id: Mapped[str] = mapped_column(String(36), default=new_microsoft_id)
    name: Mapped[str] = mapped_column(String(100))
    kind: Mapped[PartnerKind] = mapped_column(one_of(PartnerKind))
    domain: Mapped[str] = mapped_column(String(100))
    address: Mapped[str] = mapped_column(String(200))
    phone: Mapped[str] = mapped_column(String(40))
    email: Mapped[str] = mapped_column(String(100))
    mpn_id: Mapped[str] = mapped_column(String(20))
    suspended: Mapped[bool] = mapped_column(default=False)
    billing_day: Mapped[int] = mapped_column(default=1)
    provider_id: Mapped[int | None] = mapped_column(ForeignKey("partner.id"))

    provider: Mapped["Partner | None"] = relationship(remote_side=id)

    def __str__(self) -> str:
        return self.name


def _kept(width: int) -> Mapped[str]:
    return mapped_column(String(width), default="", server_default="", deferred=True, deferred_group="account")


class Customer(InRoom, Model):
    """An organisation with its own tenant; `market` is the country of its cloud (R40)."""

    __table_args__ = (
        Index("ix_customer_room", "room_id", "microsoft_id", unique=True),
        Index("ix_customer_name", "room_id", "name_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    microsoft_id: Mapped[str] = mapped_column(String(36), default=new_microsoft_id)
    name: Mapped[str] = mapped_column(String(100))
    domain: Mapped[str] = mapped_column(String(100))
    market: Mapped[str] = mapped_column(String(2), default=HOME_MARKET)
    # What Partner Center keeps of it: read on the customer's own pages alone, so fetched when asked.
    contact_name: Mapped[str] = _kept(100)
    contact_email: Mapped[str] = _kept(100)
    contact_phone: Mapped[str] = _kept(40)
    address: Mapped[str] = _kept(200)
    bill_to: Mapped[str] = _kept(100)
    billing_email: Mapped[str] = _kept(100)
    billing_address: Mapped[str] = _kept(200)
    name_key: Mapped[str] = mapped_column(Key, server_default="")

    @validates("name")
    def _file(self, _column: str, name: str) -> str:
        """Whoever has the same name is found however it is written (R5)."""
        self.name_key = filed(name)
        return name

    def __str__(self) -> str:
        return self.name
