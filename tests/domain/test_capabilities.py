"""What a partner may do with one subscription: the matrix of domain section 4, cell by cell."""

import pytest

from shared.domain import capabilities, on_behalf, relationships
from shared.domain.capabilities import Action
from shared.domain.organisations import Customer, Partner
from shared.domain.permissions import Permission
from shared.domain.refusals import Code
from shared.domain.services import Service
from shared.domain.subscriptions import Subscription
from shared.domain.users import User
from shared.extensions import db
from tests.builders import accepts, buys
from tests.conftest import the

# Action; then seller with DAP, seller without, another with DAP, another without, indirect reseller with DAP, and a
# suspended seller with DAP. "A" allows, a rule number denies for that rule.
MATRIX = """
view             A    A    A    R56  A    A
manage_users     A    R58  A    R58  A    A
assign_licences  A    R58  A    R58  A    A
see_provisioning A    R58  A    R58  A    A
add_seats        A    A    R32  R32  R70  R73
remove_seats     A    A    R32  R32  R70  R73
order_add_on     A    A    R33  R33  R70  R73
upgrade          A    S11  R34  R34  R70  R73
suspend          A    A    R34  R34  R70  A
reactivate       A    A    R34  R34  R70  A
cancel           A    A    R34  R34  R70  A
transition       A    S12  R34  R34  R70  R73
receive_bill     A    A    R31  R31  R70  A
service_request  A    R79  A    R79  A    A
view_health      A    R58  A    R58  A    A
change_partner_of_record R72 R72 R35 R35 R70 R72
"""
# What is done for the customer as a whole; the reseller's provider sold nothing here.
FOR_CUSTOMER = """
edit_contact         A   A   A   A   A   A
edit_billing         A   A   R35 R35 R35 A
sell                 A   A   A   A   R70 R73
request_relationship A   A   A   A   R69 R73
remove_relationship  R65 R65 A   A   R67 R65
"""


def cells(matrix: str) -> list[tuple[Action, str, str]]:
    """Action, column and answer of each cell."""
    return [
        (Action(action), column, cell)
        for action, *cells in (line.split() for line in matrix.strip().splitlines())
        for column, cell in zip(("O+", "O-", "X+", "X-", "IR", "SUSP"), cells, strict=True)
    ]


def stand(column: str, lotus: Partner, jade: Partner, reed: Partner, mei: User) -> tuple[Partner, Subscription]:
    """A partner in that column of the matrix, and the subscription it looks at."""
    seller = lotus if column in ("O+", "O-", "SUSP") else jade
    partner = {"X+": lotus, "X-": lotus, "IR": reed}.get(column, lotus)
    assert mei.customer
    bought = Subscription(customer=mei.customer, seller=seller, offer_key="e1", seats=5)
    db.session.add(bought)
    db.session.flush()
    if column in ("O+", "X+", "SUSP", "IR"):
        accepts(mei, partner, Service.EXCHANGE)
    else:
        relationships.begin(partner, mei.customer)
    partner.suspended = column == "SUSP"
    return partner, bought


@pytest.mark.rule("R31", "R32", "R33", "R34", "R35", "R38", "R56", "R57", "R58")
@pytest.mark.parametrize(("action", "column", "cell"), cells(MATRIX))
def test_every_cell_of_the_matrix_allows_or_names_its_rule(
    action: Action, column: str, cell: str, lotus: Partner, jade: Partner, reed: Partner, mei: User
) -> None:
    partner, bought = stand(column, lotus, jade, reed, mei)
    refusal = capabilities.why_not(action, partner, bought)
    assert (refusal.rule if refusal else "A") == cell


@pytest.mark.rule("R35", "R38", "R39", "R65", "R67", "R69", "R70", "R73")
@pytest.mark.parametrize(("action", "column", "cell"), cells(FOR_CUSTOMER))
def test_every_cell_for_the_customer_as_a_whole_allows_or_names_its_rule(
    action: Action, column: str, cell: str, lotus: Partner, jade: Partner, reed: Partner, mei: User
) -> None:
    partner, bought = stand(column, lotus, jade, reed, mei)
    refusal = capabilities.why_not_for(action, partner, bought.customer)
    assert (refusal.rule if refusal else "A") == cell


def test_every_action_stands_in_one_of_the_two_tables() -> None:
    assert set(Action) == set(capabilities.NEEDS) | set(capabilities.FOR_CUSTOMER)
    assert not set(capabilities.NEEDS) & set(capabilities.FOR_CUSTOMER)


@pytest.mark.rule("R72", "R70", "R35")
def test_the_provider_that_sold_it_changes_the_partner_of_record_and_its_reseller_edits_the_bill(
    harbor: Partner, reed: Partner, mei: User
) -> None:
    assert mei.customer
    sold = Subscription(customer=mei.customer, seller=harbor, offer_key="e1", seats=5)
    db.session.add(sold)
    db.session.flush()
    accepts(mei, reed, Service.EXCHANGE)
    assert capabilities.why_not(Action.CHANGE_PARTNER_OF_RECORD, harbor, sold) is None
    assert capabilities.why_not_for(Action.EDIT_BILLING, reed, mei.customer) is None


@pytest.mark.rule("R38", "R39")
def test_selling_needs_the_relationship_and_not_delegated_admin(lotus: Partner, kiln: Customer) -> None:
    before = capabilities.why_not_sell(lotus, kiln)
    assert before is not None
    assert before.code == "NO_RELATIONSHIP"
    relationships.begin(lotus, kiln)
    assert capabilities.why_not_sell(lotus, kiln) is None


@pytest.mark.rule("R6", "R58")
def test_one_service_held_is_enough_to_manage_users_whatever_else_was_sold(
    lotus: Partner, kiln: Customer, mei: User, lin: User
) -> None:
    files = buys(kiln, "project_premium", lotus)
    assert files.offer.services == {Service.SHAREPOINT}
    for held in ([], [Service.EXCHANGE]):
        if held:
            accepts(mei, lotus, *held)
        inside = on_behalf.why_not_enter(lin, kiln) is None
        assert inside is bool(held)
        assert (capabilities.why_not(Action.MANAGE_USERS, lotus, files) is None) is inside
        assert capabilities.why_not(Action.ASSIGN_LICENCES, lotus, files)


@pytest.mark.rule("R38", "R39", "R58", "R73")
def test_that_delegated_admin_is_missing_says_whether_the_partner_can_sell_all_the_same(
    lotus: Partner, kiln: Customer, mei: User, lin: User
) -> None:
    files = buys(kiln, "project_premium")

    def sells() -> list[bool]:
        refused = (
            capabilities.why_not(Action.SERVICE_REQUEST, lotus, files),
            capabilities.why_not(Action.MANAGE_USERS, lotus, files),
            on_behalf.why_not_enter(lin, kiln, Service.SKYPE),
        )
        return [refusal.facts["sells"] for refusal in refused if refusal]

    assert sells() == [False, False, False]
    relationships.begin(lotus, kiln)
    assert sells() == [True, True, True]
    lotus.suspended = True
    assert sells() == [False, False, False]


@pytest.mark.rule("R3", "R35")
def test_accepting_changes_no_subscription(lotus: Partner, kiln: Customer, mei: User) -> None:
    def bought() -> list[tuple[object, ...]]:
        rows = db.session.query(Subscription).filter_by(customer_id=kiln.id)
        return [(s.seller_id, s.partner_of_record_id, s.offer_key, s.seats, s.ordered_at) for s in rows]

    before = bought()
    accepts(mei, lotus)
    assert bought() == before


@pytest.mark.rule("P7", "R10", "R36", "R64")
@pytest.mark.parametrize(
    ("name", "action", "rule"),
    [
        ("Hugo Park", Action.SUSPEND, "P7"),
        ("Sara Blom", Action.ASSIGN_LICENCES, "R36"),
        ("Hugo Park", Action.REQUEST_RELATIONSHIP, "R10"),
        ("Lin Chen", Action.REMOVE_RELATIONSHIP, "R64"),
    ],
)
def test_whoever_lacks_the_role_reads_the_right_that_is_missing_and_the_rule_that_says_so(
    lotus: Partner, name: str, action: Action, rule: str
) -> None:
    refusal = capabilities.why_not_role(the(User, name), action)
    assert refusal is not None
    permission = capabilities.PERMISSION.get(action, Permission.MANAGE_SUBSCRIPTIONS)
    assert (refusal.code, refusal.rule, refusal.facts["permission"]) == (Code.ROLE, rule, permission)
