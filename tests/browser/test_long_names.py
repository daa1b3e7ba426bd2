"""Names as long as any form takes them, without a space to break at: no page scrolls sideways."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser
from sqlalchemy import select

from shared.domain.organisations import Customer, Partner
from shared.domain.users import User
from shared.extensions import db
from shared.world import rooms
from tests.builders import room_with

from .pages import SIGHTS, Sight, Story, play
from .test_accessibility import STICKING_OUT, by_name, is_in_order
from .trainee import Tab, Trainee

LONGEST = 100
PHONE = {"width": 400, "height": 800}


def long(name: str) -> str:
    """The same name, as long as there is room for one."""
    return name + (LONGEST - len(name)) * "W"


class LongNames(Tab):
    """Somebody in a room where everybody and everything is called something long."""

    app: Flask

    def opens_a_room(self) -> None:
        """As anybody would, and names grow in it before anything happens."""
        super().opens_a_room()
        with self.app.app_context():
            room = room_with(self.trainee.room.removeprefix("/w/"))
            with rooms.inside(room):
                for named in (User, Partner, Customer):
                    for one in db.session.scalars(select(named)):
                        one.name = long(one.name)
                for customer in db.session.scalars(select(Customer)):
                    customer.contact_name = customer.bill_to = customer.name
                    customer.address = customer.billing_address = 200 * "x"
                    customer.contact_email = customer.billing_email = f"{83 * 'x'}@company.example"
                db.session.commit()

    def called(self, name: str) -> str:
        """By a long name."""
        return long(name)


@pytest.fixture(scope="session")
def reader(browser: Browser, address: str, served_app: Flask) -> Iterator[tuple[LongNames, Story]]:
    """At a phone, in a room whose story has been played."""
    trainee = Trainee(browser, address, viewport=PHONE)
    LongNames.app = served_app
    tab = LongNames(trainee, trainee.context.new_page())
    yield tab, play(tab)
    assert trainee.leave() == []


@pytest.mark.parametrize("sight", SIGHTS, ids=by_name)
def test_names_as_long_as_allowed_push_no_page_sideways_and_leave_it_in_order(
    reader: tuple[LongNames, Story], sight: Sight
) -> None:
    tab, story = reader
    sight.visit(tab, story)
    is_in_order(tab.page, "en")
    assert tab.page.evaluate(STICKING_OUT) == []
    for width in (768, 1024, 1280):
        tab.page.set_viewport_size({**PHONE, "width": width})
        assert (width, tab.page.evaluate(STICKING_OUT)) == (width, [])
    tab.page.set_viewport_size(PHONE)
