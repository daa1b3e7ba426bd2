"""One large partner in a room among others, written straight into the tables."""

import json
import random
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import Connection

from shared.domain.history import Event, EventKind
from shared.domain.organisations import Customer, Partner, PartnerKind
from shared.domain.permissions import Role
from shared.domain.privileges import EndReason, Privilege
from shared.domain.relationships import Administered, Relationship, SearchTerm
from shared.domain.search import beginnings, filed
from shared.domain.services import Service
from shared.domain.subscriptions import Subscription
from shared.domain.users import User
from shared.world.calendar import months_after, start_of
from shared.world.mailbox import Letter
from shared.world.rooms import DapConflict, Room

from .writer import BATCH, Writer

UNREAD = 12
NEIGHBOURS = 20
THEIR_CUSTOMERS = 50
START = datetime(2023, 3, 1, 2, 0, tzinfo=UTC)

RARE, MANY, NOWHERE = "quillon", "harbour", "zyzzyva"  # words one, every twentieth and no customer is found by
FIRST = "Amber Birch Cedar Copper Crane Delta Ember Fjord Golden Ivory Jasmine Lotus Maple North Opal Pine River Silver"
SECOND = "Bakery Cable Clinic Foods Freight Garden Hotel Kiln Logistics Mill Optics Paper Pottery School Tea Textile"
LAST = ("Ltd", "Group", "Trading", "Works", "& Sons", "Co.", "")
CITY = {
    "北京": "beijing",
    "上海": "shanghai",
    "广州": "guangzhou",
    "杭州": "hangzhou",
    "成都": "chengdu",
    "苏州": "suzhou",
}
TRADE = {
    "蓝窑": "lanyao",
    "青松": "qingsong",
    "明月": "mingyue",
    "海棠": "haitang",
    "金桥": "jinqiao",
    "白云": "baiyun",
}
LEGAL = ("科技有限公司", "食品有限公司", "物流有限公司", "贸易集团")
KINDS = {
    "Lotus Cloud": PartnerKind.DIRECT,
    "Jade IT": PartnerKind.DIRECT,
    "Harbor Distribution": PartnerKind.PROVIDER,
    "Reed Services": PartnerKind.INDIRECT_RESELLER,
    "Willow Advisory": PartnerKind.ADVISOR,
}


@dataclass
class People:
    """Whom the benchmark can be, and where."""

    room_key: str
    partner_microsoft_id: str
    agent_id: int  # of the large partner
    settled_admin_id: int  # of a customer with five partners
    deep: tuple[str, int]  # the key nine tenths down the large partner's list
    fresh_admin_ids: list[int] = field(default_factory=list)  # of customers that accepted nobody yet


def populate(connection: Connection, size: int, fresh: int) -> People:
    """A room whose first partner has `size` customers, `fresh` customers nobody has invited, and rooms next door."""
    writer, chance = Writer(connection), random.Random(size)  # noqa: S311 - the same data every time
    main = Furniture(writer, chance, "main")
    people = main.furnish(size)
    people.fresh_admin_ids = [main.customer(f"Fresh {n:06}", f"fresh{n:06}.example")[1] for n in range(fresh)]
    for number in range(NEIGHBOURS):
        Furniture(writer, chance, f"neighbour-{number}").furnish(THEIR_CUSTOMERS)
    writer.finish()
    return people


class Furniture:
    """Fills one room."""

    def __init__(self, writer: Writer, chance: random.Random, name: str) -> None:
        self.writer, self.chance, self.key = writer, chance, f"bench-room-{name}"
        sqlite = writer.connection.dialect.name == "sqlite"  # keeps spans as moments after 1970
        nothing = datetime.fromtimestamp(0, UTC) if sqlite else timedelta()
        conflict = DapConflict.REPLACE.value
        self.room = writer.add(
            Room, key=self.key, name=name, opened_at=START, clock_ahead=nothing, dap_conflict=conflict
        )
        self.partners: dict[str, int] = {}

    def furnish(self, size: int) -> People:
        """Five partners, the first with so many customers."""
        agents = {name: self.partner(name, kind) for name, kind in KINDS.items()}
        lotus, agent = "Lotus Cloud", agents["Lotus Cloud"]
        keys = []
        for place in range(size):
            name, domain = company(self.chance, place)
            customer, admin = self.customer(name, domain)
            keys.append(self.tie(lotus, customer, name, domain, self.chance.choices(MIXES, WEIGHTS)[0]))
            self.answered(customer, admin, agent, self.partners[lotus], read=place < size - UNREAD)
            self.writer.flush(at_least=BATCH)
        deep = sorted(keys)[len(keys) * 9 // 10]
        return People(self.key, self.guid(lotus), agent, settled_admin_id=self.settled(), deep=deep)

    def guid(self, name: str) -> str:
        """A partner's Microsoft ID."""
        return str(uuid.uuid5(uuid.NAMESPACE_URL, f"https://{self.key}.example/{name}"))

    def partner(self, name: str, kind: PartnerKind) -> int:
        """A partner and its Admin agent; the agent's id."""
        domain = f"{name.split()[0].lower()}.example"
        reached = {"address": "1 Example Road, Shanghai", "phone": "+86 21 5555 0100", "email": f"hello@{domain}"}
        provider = self.partners["Harbor Distribution"] if kind is PartnerKind.INDIRECT_RESELLER else None
        number = self.writer.add(
            Partner,
            microsoft_id=self.guid(name),
            name=name,
            kind=kind.value,
            domain=domain,
            mpn_id="5550100",
            suspended=False,
            billing_day=1,
            provider_id=provider,
            room_id=self.room,
            **reached,
        )
        self.partners[name] = number
        return self.user("Lin Chen", f"lin@{domain}", partner_id=number, agent=Role.ADMIN_AGENT.value)

    def user(self, name: str, email: str, **more: Any) -> int:
        """A persona."""
        nothing = {"partner_id": None, "customer_id": None, "agent": None, "admin": None}
        return self.writer.add(User, name=name, email=email, room_id=self.room, **(nothing | more))

    def customer(self, name: str, domain: str) -> tuple[int, int]:
        """A customer with a Global admin and a subscription from 21Vianet itself; both ids."""
        guid = str(uuid.UUID(int=self.chance.getrandbits(128), version=4))
        number = self.writer.add(Customer, microsoft_id=guid, name=name, domain=domain, market="CN", room_id=self.room)
        self.writer.add(
            Subscription,
            customer_id=number,
            seller_id=None,
            partner_of_record_id=None,
            offer_key="e3",
            seats=self.chance.randrange(5, 500),
            microsoft_id=str(uuid.UUID(int=self.chance.getrandbits(128), version=4)),
            nickname="",
            auto_renew=True,
            version=1,
            **self.term(),
            room_id=self.room,
        )
        admin = self.user("Mei Zhou", f"mei@{domain}", customer_id=number, admin=Role.GLOBAL_ADMIN.value)
        return number, admin

    def term(self) -> dict[str, Any]:
        """Bought some day of the past, with a term so long that nothing is due while we measure."""
        ordered = self.when()
        start, end = ordered.date() + timedelta(days=1), months_after(ordered.date(), 50 * 12)
        return {"ordered_at": ordered, "starts_on": start, "ends_on": end, "due_at": start_of(end)}

    def tie(self, partner: str, customer: int, name: str, domain: str, mix: str) -> tuple[str, int]:
        """A relationship, found by its words, with delegated admin by service: (h)eld, (e)nded or never (.)."""
        since, key = self.when(), filed(name)
        partner_id, transacting = self.partners[partner], KINDS[partner].transacting
        pair = {"partner_id": partner_id, "customer_id": customer, "room_id": self.room}
        spans = [
            [service.value, since, since + timedelta(days=30) if state == "e" else None, ENDED.get(state)]
            for service, state in zip(Service, mix, strict=True)
            if state != "."
        ]
        held = json.dumps(spans, default=lambda moment: moment.replace(tzinfo=None).isoformat(" ")) if spans else None
        shown = {"held": held, "administered": extent(mix)}
        number = self.writer.add(Relationship, name_key=key, since=since, until=None, **shown, **pair)
        of = {"relationship_id": number, "partner_id": partner_id, "room_id": self.room}
        for previous, term in pairwise(["", *beginnings(name, domain)]):
            self.writer.add(SearchTerm, term=term, previous=previous, **of)
        for service, began, until, ended_by in spans:
            span = {"since": began, "until": until, "ended_by": ended_by}
            self.writer.add(Privilege, service=service, transacting=transacting, **span, **pair)
        return key, number

    def answered(self, customer: int, admin: int, agent: int, partner: int, *, read: bool) -> None:
        """What accepting left behind: an event and the letter to the partner's agent."""
        when = self.when()
        about = {"partner_id": partner, "customer_id": customer, "room_id": self.room}
        what = {"kind": EventKind.ADD_RELATIONSHIP.value, "refused": None, "service": None, "facts": {}}
        self.writer.add(Event, at=when, by_id=admin, **what, **about)
        self.writer.add(
            Letter,
            to_id=agent,
            from_id=admin,
            kind="accepted",
            facts={},
            sent_at=when,
            read_at=when if read else None,
            once=None,
            room_id=self.room,
        )

    def settled(self) -> int:
        """A customer with five partners; its Global admin's id."""
        name, domain = "Delta Foods", "deltafoods.example"
        customer, admin = self.customer(name, domain)
        for partner, mix in zip(KINDS, ("hhe", "eeh", "...", "hh.", "h.."), strict=True):
            self.tie(partner, customer, name, domain, mix)
        return admin

    def when(self) -> datetime:
        """Some moment of three years."""
        return START + timedelta(seconds=self.chance.randrange(3 * 365 * 86400))


ENDED = {"e": EndReason.REMOVED.value}
MIXES, WEIGHTS = ("hhh", "hh.", "hee", "eee", "..."), (80, 8, 4, 4, 4)


def extent(mix: str) -> Administered:
    """How much of a customer is administered by whoever holds this."""
    held = mix.count("h")
    return Administered.FULLY if held == len(Service) else Administered.PARTLY if held else Administered.NOT


def company(chance: random.Random, place: int) -> tuple[str, str]:
    """A name and a domain: three in ten Chinese; one has the rare word, every twentieth the frequent one."""
    if place == 77:
        return f"{RARE.title()} Saffron Works", f"{RARE}.example"
    if chance.random() < 0.3:
        city, trade = chance.choice(list(CITY)), chance.choice(list(TRADE))
        return f"{city}{trade}{chance.choice(LEGAL)}", f"{CITY[city]}-{TRADE[trade]}{place}.example"
    first, second = chance.choice(FIRST.split()), chance.choice(SECOND.split())
    name = f"{first} {MANY.title() if place % 20 == 0 else second} {chance.choice(LAST)}".strip()
    return name, f"{first}{second}{place}.example".lower()
