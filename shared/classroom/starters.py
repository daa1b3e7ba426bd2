"""The partners, customers and people a new room begins with. All invented, all under reserved domains."""

from datetime import timedelta

from sqlalchemy import select

from ..domain import new_customers, orders
from ..domain.licences import Licence
from ..domain.organisations import Customer, Partner, PartnerKind
from ..domain.permissions import Role
from ..domain.subscriptions import Subscription
from ..domain.users import User
from ..extensions import db
from ..world import clock
from ..world.calendar import day_of

PARTNERS = (
    # name, kind, domain, address, phone, MPN ID
    ("Lotus Cloud", PartnerKind.DIRECT, "lotus.example", "18 Lake Road, Hangzhou", "+86 571 5550 0118", "4390001"),
    ("Jade IT", PartnerKind.DIRECT, "jade.example", "7 Harbour Street, Shenzhen", "+86 755 5550 0107", "4390002"),
    (
        "Harbor Distribution",
        PartnerKind.PROVIDER,
        "harbor.example",
        "2 Quay Lane, Shanghai",
        "+86 21 5550 0102",
        "4390003",
    ),
    (
        "Reed Services",
        PartnerKind.INDIRECT_RESELLER,
        "reed.example",
        "31 Canal Row, Suzhou",
        "+86 512 5550 0131",
        "4390004",
    ),
    ("Willow Advisory", PartnerKind.ADVISOR, "willow.example", "5 Garden Gate, Nanjing", "+86 25 5550 0105", "4390005"),
)
CUSTOMERS = (
    ("Blue Kiln", "bluekiln.example"),
    ("Pine Logistics", "pine.example"),
    ("Cedar Clinic", "cedar.example"),
)
CONTACTS = (
    # customer, whom to call, phone, address
    ("Blue Kiln", "Mei Zhou", "+86 798 5550 0141", "9 Potter Lane, Jingdezhen"),
    ("Pine Logistics", "Pavel Hron", "+86 411 5550 0152", "60 Harbour Gate, Dalian"),
    ("Delta Foods", "Dana Weiss", "+86 28 5550 0163", "12 Market Row, Chengdu"),
    ("Cedar Clinic", "Cai Yun", "+86 25 5550 0174", "3 Cedar Court, Nanjing"),
)
BILLING_DAYS = {"Lotus Cloud": 15, "Jade IT": 5, "Harbor Distribution": 20}
DAY = timedelta(days=1)
AGENT, ADMIN = "agent", "admin"
PEOPLE = (
    # organisation, name, setting, role; none is an ordinary user
    ("Lotus Cloud", "Lin Chen", AGENT, Role.ADMIN_AGENT),
    ("Lotus Cloud", "Sara Blom", AGENT, Role.SALES_AGENT),
    ("Lotus Cloud", "Hugo Park", AGENT, Role.HELPDESK_AGENT),
    ("Lotus Cloud", "Gao Rui", ADMIN, Role.PARTNER_GLOBAL_ADMIN),
    ("Lotus Cloud", "Bea Novak", ADMIN, Role.PARTNER_BILLING_ADMIN),
    ("Lotus Cloud", "Uma Iyer", ADMIN, Role.PARTNER_USER_ADMIN),
    ("Harbor Distribution", "Hanna Ott", AGENT, Role.ADMIN_AGENT),
    ("Reed Services", "Ren Tao", AGENT, Role.ADMIN_AGENT),
    ("Willow Advisory", "Wilma Kern", AGENT, Role.ADMIN_AGENT),
    ("Blue Kiln", "Mei Zhou", ADMIN, Role.GLOBAL_ADMIN),
    ("Blue Kiln", "Bo Lindt", ADMIN, Role.BILLING_ADMIN),
    ("Blue Kiln", "Ulla Maas", ADMIN, Role.USER_ADMIN),
    ("Blue Kiln", "Hal Brandt", ADMIN, Role.HELPDESK_ADMIN),
    ("Blue Kiln", "Nora Quist", ADMIN, None),
    ("Pine Logistics", "Pavel Hron", ADMIN, Role.GLOBAL_ADMIN),
    ("Pine Logistics", "Pia Lund", ADMIN, None),
    ("Delta Foods", "Dana Weiss", ADMIN, Role.GLOBAL_ADMIN),
    ("Cedar Clinic", "Cai Yun", ADMIN, Role.GLOBAL_ADMIN),
)


def furnish() -> None:
    """Fill the room we are in with the starter cast (classroom section 5)."""
    partners = {row[0]: _partner(*row) for row in PARTNERS}
    partners["Reed Services"].provider = partners["Harbor Distribution"]
    customers = {name: Customer(name=name, domain=domain) for name, domain in CUSTOMERS}
    db.session.add_all([*partners.values(), *customers.values()])
    jonas = _person(partners["Jade IT"], "Jonas Falk", AGENT, Role.ADMIN_AGENT)
    db.session.add(jonas)
    db.session.flush()
    customers["Delta Foods"] = new_customers.add(partners["Jade IT"], "Delta Foods", "delta.example", by=jonas)
    organisations: dict[str, Partner | Customer] = {**partners, **customers}
    db.session.add_all(_person(organisations[where], name, setting, role) for where, name, setting, role in PEOPLE)
    for name, person, phone, address in CONTACTS:
        _contact(customers[name], person, phone, address)
    for name, day in BILLING_DAYS.items():
        partners[name].billing_day = day
    _sell(customers["Blue Kiln"], "e1", 25, days_ago=200)
    _sell(customers["Pine Logistics"], "business_essentials", 12, days_ago=250, record=partners["Lotus Cloud"])
    _sell(customers["Delta Foods"], "e3", 40, days_ago=90, seller=partners["Jade IT"], record=partners["Jade IT"])


def _partner(name: str, kind: PartnerKind, domain: str, address: str, phone: str, mpn_id: str) -> Partner:
    email = f"hello@{domain}"
    return Partner(name=name, kind=kind, domain=domain, address=address, phone=phone, mpn_id=mpn_id, email=email)


def _person(organisation: Partner | Customer, name: str, setting: str, role: Role | None) -> User:
    email = f"{name.lower().replace(' ', '.')}@{organisation.domain}"
    where = {"partner": organisation} if isinstance(organisation, Partner) else {"customer": organisation}
    return User(name=name, email=email, **where, **({setting: role} if role else {}))


def _contact(customer: Customer, person: str, phone: str, address: str) -> None:
    customer.contact_name, customer.contact_phone, customer.address = person, phone, address
    customer.contact_email = f"{person.lower().replace(' ', '.')}@{customer.domain}"
    customer.bill_to, customer.billing_email = customer.name, f"bills@{customer.domain}"
    customer.billing_address = address


def _sell(
    customer: Customer,
    offer_key: str,
    seats: int,
    *,
    days_ago: int,
    seller: Partner | None = None,
    record: Partner | None = None,
) -> None:
    """What was bought so many days ago, with a licence for everybody who works there."""
    ordered = clock.now() - timedelta(days=days_ago)
    term = {"ends_on": orders.end_of_term(day_of(ordered) + DAY, seller.billing_day)} if seller else {}
    sold = Subscription(customer=customer, offer_key=offer_key, seats=seats, ordered_at=ordered, **term)
    sold.seller, sold.partner_of_record = seller, record
    db.session.add(sold)
    db.session.flush()
    for person in db.session.scalars(select(User).where(User.customer_id == customer.id).order_by(User.id)):
        db.session.add(Licence(user_id=person.id, subscription_id=sold.id, since=ordered))
