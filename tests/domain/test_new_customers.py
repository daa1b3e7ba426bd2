"""A partner adds a brand-new customer."""

import pytest

from shared.domain import new_customers, privileges, relationships
from shared.domain.organisations import Customer, Partner
from shared.domain.refusals import Refusal
from shared.domain.services import Service
from shared.domain.users import User
from shared.extensions import db
from shared.world.mailbox import Letter


@pytest.mark.rule("R4")
def test_a_new_customer_comes_with_tenant_relationship_and_delegated_admin(lotus: Partner, lin: User) -> None:
    amber = new_customers.add(lotus, "Amber Mill", "amber.example", by=lin)
    tie = relationships.between(lotus, amber)
    assert tie is not None
    assert tie.active
    assert privileges.held_by(lotus, amber) == set(Service)
    assert db.session.query(Letter).count() == 0


@pytest.mark.rule("R5")
@pytest.mark.parametrize(("name", "domain"), [("blue kiln", "new.example"), ("New", "BlueKiln.example")])
def test_a_customer_that_exists_is_to_be_asked_instead(
    name: str, domain: str, lotus: Partner, lin: User, kiln: Customer
) -> None:
    with pytest.raises(Refusal) as refused:
        new_customers.add(lotus, name, domain, by=lin)
    assert refused.value.code == "CUSTOMER_EXISTS"
    assert refused.value.facts["customer"] is kiln
    assert db.session.query(Customer).count() == 4
