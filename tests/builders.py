"""Partners, customers and privileges with sensible defaults."""

from sqlalchemy import select

from shared.domain import acceptance, ending, passwords, relationships, staff
from shared.domain.history import Event
from shared.domain.invitations import Invitation
from shared.domain.organisations import Customer, Partner
from shared.domain.permissions import Role
from shared.domain.services import Service
from shared.domain.subscriptions import Subscription
from shared.domain.users import User
from shared.extensions import db
from shared.world.rooms import FACTS, Here, Room


def a_customer(name: str = "Amber Mill", domain: str = "", **more: str) -> Customer:
    """A customer of this room with a Global admin."""
    domain = domain or f"{name.lower().replace(' ', '')}.example"
    customer = Customer(name=name, domain=domain, **more)
    db.session.add(customer)
    db.session.flush()
    db.session.add(User(name=f"Admin of {name}", email=f"admin@{domain}", customer=customer, admin=Role.GLOBAL_ADMIN))
    db.session.flush()
    return customer


def room_with(key: str) -> Here:
    """The room with this key, as it is now."""
    return Here(*db.session.execute(select(*FACTS).where(Room.key == key)).one())


def customers_of(partner: Partner, number: int, services: tuple[Service, ...] = tuple(Service)) -> list[Customer]:
    """So many customers that accepted `partner` and let it administer these services."""
    made = []
    for count in range(number):
        customer = a_customer(f"Customer {count:04}", f"c{count:04}.example")
        made.append(customer)
        admin = global_admin(customer)
        if services:
            accepts(admin, partner, *services)
        else:
            relationships.begin(partner, customer)
    return made


def global_admin(customer: Customer) -> User:
    """Who answers for this customer."""
    return db.session.query(User).filter_by(customer_id=customer.id, admin=Role.GLOBAL_ADMIN).first()  # type: ignore[return-value]


def accepts(admin: User, partner: Partner, *services: Service, reseller: Partner | None = None) -> list[Service]:
    """`admin` lets `partner` in and gives it these services, all when none are named; those that are new to it."""
    invitation = Invitation(partner, reseller)
    answer = acceptance.accept(invitation, {partner: services or tuple(Service)}, by=admin)
    return answer.given.get(partner, [])


def the_chain_ends(admin: User, provider: Partner, reseller: Partner) -> None:
    """`admin` lets both administer the mail, then the provider ends the relationship, its reseller's with it."""
    assert admin.customer
    for partner in (provider, reseller):
        accepts(admin, partner, Service.EXCHANGE)
    head = db.session.query(User).filter_by(partner_id=provider.id).first()
    assert head
    head.admin = Role.PARTNER_GLOBAL_ADMIN
    ending.remove(admin.customer, by=head)


def newest_events(number: int = 1) -> list[Event]:
    """The last things that were written down, oldest of them first."""
    found = db.session.scalars(select(Event).order_by(Event.id.desc()).limit(number))
    return list(found)[::-1]


def adds(
    organisation: Partner | Customer, name: str, email: str, *, agent: Role | None = None, admin: Role | None, by: User
) -> tuple[User, str]:
    """Somebody new, and the temporary password that `by` saw."""
    temporary = passwords.temporary()
    added = staff.add(organisation, name, email, agent=agent, admin=admin, temporary=temporary, by=by)
    return added, temporary.text


def buys(customer: Customer, offer_key: str, seller: Partner | None = None, seats: int = 5) -> Subscription:
    """One more subscription of `customer`."""
    seller_id = seller and seller.id
    bought = Subscription(customer_id=customer.id, offer_key=offer_key, seats=seats, seller_id=seller_id)
    db.session.add(bought)
    db.session.flush()
    return bought
