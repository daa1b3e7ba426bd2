"""What stands where it should, measured as it is drawn."""

import pytest

from .trainee import Tab

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
