"""What stands where it should, measured as it is drawn."""

import pytest

from .trainee import RELATIONSHIPS, Tab

ALIGNED = """() => {
  const [empty, button, reason] = [".empty", ".empty .blocked", ".empty .reason"]
    .map(part => document.querySelector(part).getBoundingClientRect()), middle = box => box.left + box.width / 2;
  return {button: middle(button) - middle(empty), reason: middle(reason) - middle(empty),
    text: getComputedStyle(document.querySelector(".empty .reason")).textAlign};
}"""


@pytest.mark.parametrize("width", [1280, 400])
def test_what_is_blocked_in_an_empty_list_stands_in_its_middle_and_its_reason_reads_from_its_icon(
    tab: Tab, width: int
) -> None:
    tab.page.set_viewport_size({"width": width, "height": 800})
    tab.becomes("Hugo Park")
    tab.open("/partner/customers")
    found = tab.page.evaluate(ALIGNED)
    assert (abs(found["button"]) < 1, abs(found["reason"]) < 1, found["text"]) == (True, True, "start"), found


def test_the_two_ways_out_of_an_invitation_stand_side_by_side_and_what_is_missing_below_them(tab: Tab) -> None:
    tab.becomes("Lin Chen")
    link = tab.finds_the_link()
    tab.becomes("Mei Zhou")
    tab.open(link)
    parts = [tab.page.locator(f".confirm-accept {part}").bounding_box() for part in (".blocked", "a.quiet", ".reason")]
    accept, cancel, reason = (part or {} for part in parts)
    assert 0 < cancel["x"] - accept["x"] - accept["width"] < 16
    assert (cancel["y"], reason["x"]) == (accept["y"], accept["x"])
    assert reason["y"] > accept["y"] + accept["height"]


def test_what_a_partner_administers_follows_its_yes_without_an_empty_line_on_a_phone(tab: Tab) -> None:
    tab.becomes("Dana Weiss")
    tab.page.set_viewport_size({"width": 400, "height": 800})
    tab.open(RELATIONSHIPS)
    yes, services = (
        tab.page.locator(f"td:has(> .chip + .small) > {part}").bounding_box() for part in (".chip", ".small")
    )
    assert yes
    assert services
    assert services["y"] - yes["y"] - yes["height"] < 8
