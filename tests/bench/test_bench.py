"""The benchmark measures what it says: the bare page is ours, and the sums are right."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine

from shared.domain.organisations import Partner
from tests import builders
from tests.bench import bare, figures, likeness, load, plain, population
from tests.bench.figures import Comparison, Growth, Run
from tests.databases import Template

CUSTOMERS, RELATIONSHIPS = "/customers", "/settings/partner-relationships"


@pytest.mark.parametrize(("name", "path"), [("Lin Chen", CUSTOMERS), ("Dana Weiss", RELATIONSHIPS)])
def test_the_bare_page_is_ours_byte_for_byte(visit: Any, lotus: Partner, tmp_path: Path, name: str, path: str) -> None:
    builders.customers_of(lotus, 30)
    page = visit(name).portal(path)
    likely = likeness.of(page.text)
    bare.write(tmp_path, "page", likely, page.text)
    client = bare.create_app(tmp_path).test_client()
    assert client.get("/page").get_data(as_text=True) == page.text == bare.original(tmp_path, "page")
    assert likely.expressions >= (25 * 2 if path == CUSTOMERS else 1)


def test_rows_built_differently_keep_their_order() -> None:
    page = "<tbody><tr><td>a &amp; b</td></tr><tr><td><b>c</b></td></tr><tr><td>d</td></tr></tbody> end"
    found = likeness.of(page)
    assert found.tables == [[["0", "a & b"], ["1", "c"], ["0", "d"]]]
    assert found.expressions == 3


def test_a_page_that_jinja_would_read_is_refused() -> None:
    with pytest.raises(ValueError, match="Jinja"):
        likeness.of("<p>{{ surprise }}</p>")


def comparison(*pairs: tuple[int, int], page: str = "customer list") -> Comparison:
    """Rounds of one second with so many answers of ours and of the bare page."""
    ours = [Run(1.0, [0.002] * mine) for mine, _ in pairs]
    return Comparison(page, 1000, "sqlite", 1, 1, ours, [Run(1.0, [0.001] * other) for _, other in pairs])


def test_the_median_of_the_rounds_counts() -> None:
    found = comparison((50, 100), (90, 100), (60, 100))
    assert found.ratios(found.bare) == [0.5, 0.9, 0.6]
    assert (found.ratio, found.verdict, found.passed) == (0.6, "pass", True)


def test_a_missed_floor_is_said() -> None:
    assert (comparison((49, 100)).verdict, comparison((49, 100)).passed) == ("MISSED", False)
    assert comparison((65, 100)).verdict == "goal"


def test_small_pages_are_held_to_limit_2() -> None:
    found = comparison((70, 1000), page="partner relationships")
    found.other = [Run(1.0, [0.001] * 80)]
    assert found.ratio == 0.875


def test_limit_2_is_a_list_of_29_kb(tmp_path: Path) -> None:
    page = bare.create_app(tmp_path).test_client().get(bare.LIMIT_2).get_data(as_text=True)
    assert page.count("Value ") == 25 * bare.CELLS
    assert 28_000 < len(page) < 31_000


def test_the_plainest_form_writes_three_rows_and_changes_one_and_takes_only_its_own(database: Template) -> None:
    with database.copy() as address:
        _method, _address, headers, body = load.decode(plain.furnish(address)[0])
        del headers["Content-Length"]  # of the whole body
        app = plain.create_app(address)
        for sent, status in ((body, 302), (body.replace(b"csrf_token=", b"csrf_token=x"), 400), (body[:-1], 422)):
            answer = app.test_client(use_cookies=False).post(plain.ACCEPT, data=sent, headers=headers)
            assert answer.status_code == status
        with plain.at(app):
            assert plain.db.session.query(plain.Given).count() == 3
            assert plain.db.session.scalar(plain.db.func.sum(plain.Person.times)) == 1


def test_a_page_without_a_bar_never_fails() -> None:
    assert comparison((1, 100), page="accept page").passed


@pytest.mark.parametrize(("percent", "value"), [(50, 5), (95, 10), (100, 10), (1, 1)])
def test_percentiles_are_of_the_nearest_rank(percent: int, value: int) -> None:
    assert figures.percentile([10, 9, 8, 7, 6, 5, 4, 3, 2, 1], percent) == value


def test_growth_compares_each_round_with_its_own() -> None:
    small, large = comparison((1, 1)), comparison((1, 1))
    small.alone = [Run(1.0, [0.001] * 3), Run(1.0, [0.004] * 3), Run(1.0, [0.002] * 3)]
    large.alone = [Run(1.0, [0.002] * 3), Run(1.0, [0.004] * 3), Run(1.0, [0.0024] * 3)]
    assert Growth(small, large).factor == pytest.approx(1.2)
    assert Growth(small, large).passed


def test_requests_are_written_as_browsers_do() -> None:
    request = load.encode("POST", "/form", cookie="a=b", body=b"x=1")
    assert request.startswith(b"POST /form HTTP/1.1\r\nHost: ")
    assert request.endswith(b"Content-Length: 3\r\n\r\nx=1")


def test_the_data_is_there_at_once(database: Template) -> None:
    with database.copy() as address:
        engine = create_engine(address)
        with engine.connect() as connection:
            people = population.populate(connection, 30, 2)
            told = connection.exec_driver_sql("SELECT count(*) FROM relationship WHERE partner_id = 1").scalar()
        engine.dispose()
    assert told == 31  # thirty of its own, and the customer of five partners
    assert len(people.fresh_admin_ids) == 2
