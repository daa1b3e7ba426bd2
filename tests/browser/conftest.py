"""One site and one browser for the whole run; for every test a browser window and a room of its own."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser

from .site import chromium, migrated_app, served
from .trainee import Sits, Tab, Trainee


@pytest.fixture(scope="session")
def served_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The site as it is served, database and all."""
    return migrated_app(tmp_path_factory.mktemp("site"))


@pytest.fixture(scope="session")
def address(served_app: Flask) -> Iterator[str]:
    """Where the site is."""
    with served(served_app) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Started once; what keeps tests apart is a context for each."""
    with chromium() as browser:
        yield browser


@pytest.fixture(params=["en", "de", "zh"])
def language(request: pytest.FixtureRequest) -> str:
    """Every story that asks for it is told in each language."""
    return str(request.param)


@pytest.fixture
def sits(browser: Browser, address: str) -> Iterator[Sits]:
    """`sits(language="de")`: somebody at a browser of their own, who leaves it in order when the test is over."""
    here: list[Trainee] = []

    def sit_down(language: str = "en", address: str = address, **how: object) -> Trainee:
        here.append(Trainee(browser, address, language, **how))
        return here[-1]

    yield sit_down
    assert [trainee.leave() for trainee in here] == [[]] * len(here)


@pytest.fixture
def trainee(sits: Sits) -> Trainee:
    """Somebody who reads English."""
    return sits()


@pytest.fixture
def tab(trainee: Trainee) -> Tab:
    """Their first tab, in a room of their own."""
    trainee.is_given_a_room()
    return trainee.tab()
