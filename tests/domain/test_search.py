"""Finding a customer by how a word of its name or domain begins."""

import re
import unicodedata
from collections.abc import Callable, Collection

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from shared.domain import customer_list, relationships
from shared.domain.customer_list import CustomerRow
from shared.domain.organisations import Customer, Partner
from shared.domain.search import MOST, WIDTH, beginnings, fold, printable, span, writable
from shared.extensions import db
from shared.world import clock, rooms
from shared.world.pages import SIZE, Page
from shared.world.rooms import Room
from tests.builders import a_customer
from tests.conftest import the
from tests.domain.conftest import Elsewhere

LATIN, CHINESE = "aAbBcßÄéøＡ9", "蓝云科技北京"
NAMES = st.text(f"{LATIN}{CHINESE} -.&'_", min_size=1, max_size=MOST).filter(lambda name: any(map(str.isalnum, name)))
DOMAINS = st.from_regex(r"[a-c9]{1,5}(-[a-c]{1,4})?\.example", fullmatch=True)
CUSTOMERS = st.lists(st.tuples(NAMES, DOMAINS), min_size=1, max_size=6)
many = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


def chinese(character: str) -> bool:
    """Asked of Unicode itself."""
    return unicodedata.name(character, "").startswith("CJK UNIFIED")


def word_starts(text: str) -> list[int]:
    """Where words begin, said plainly: after what is no letter or digit, at every Chinese character and after it."""
    return [
        at
        for at, character in enumerate(text)
        if character.isalnum()
        and (at == 0 or not text[at - 1].isalnum() or chinese(character) or chinese(text[at - 1]))
    ]


def should_be_found(customer: tuple[str, str], wanted: str) -> bool:
    """Whether a word of the name or of the domain begins with what was typed."""
    return any(text.startswith(wanted, at) for text in map(fold, customer) for at in word_starts(text))


def every(asked: Callable[[tuple[str, ...]], Page[CustomerRow]]) -> list[CustomerRow]:
    """All pages, one after the other."""
    page = asked(())
    found = list(page.rows)
    while page.next:
        page = asked(tuple(page.next))
        found += page.rows
    return found


def found(partner: Partner, wanted: str) -> list[CustomerRow]:
    """Everything a search finds, over all pages."""
    return every(lambda after: customer_list.found(partner, wanted, after=after))


def list_of(partner: Partner, customers: Collection[tuple[str, str]]) -> list[str]:
    """These customers, new and in the partner's list; their Microsoft IDs."""
    made = [Customer(name=name, domain=domain) for name, domain in customers]
    db.session.add_all(made)
    db.session.flush()
    for customer in made:
        relationships.begin(partner, customer)
    db.session.flush()
    return [customer.microsoft_id for customer in made]


class TestAnySearch:
    """Whatever customers are called and whatever is typed."""

    @pytest.mark.rule("R37")
    @many
    @given(customers=CUSTOMERS, choice=st.data())
    def test_a_customer_is_found_by_any_prefix_of_any_word_and_nobody_else_is(
        self, customers: list[tuple[str, str]], choice: st.DataObject, room: Room
    ) -> None:
        db.session.rollback()  # what the example before made
        lotus = the(Partner, "Lotus Cloud")
        ids = list_of(lotus, customers)
        text = fold(choice.draw(st.sampled_from([text for customer in customers for text in customer])))
        start = choice.draw(st.sampled_from(word_starts(text)))
        wanted = text[start : choice.draw(st.integers(start + 1, len(text)))].strip()
        expected = {id_ for id_, customer in zip(ids, customers, strict=True) if should_be_found(customer, wanted)}
        rows = [row.microsoft_id for row in found(lotus, wanted)]
        assert expected
        assert sorted(rows) == sorted(expected)

    @pytest.mark.rule("R37")
    @many
    @given(customers=CUSTOMERS, wanted=st.text(f"{LATIN}{CHINESE} -.%\\'", min_size=1, max_size=4))
    def test_whatever_is_typed_finds_those_it_should_and_each_once(
        self, customers: list[tuple[str, str]], wanted: str, room: Room
    ) -> None:
        assume(fold(wanted))
        db.session.rollback()  # what the example before made
        lotus = the(Partner, "Lotus Cloud")
        ids = list_of(lotus, customers)
        expected = {
            id_ for id_, customer in zip(ids, customers, strict=True) if should_be_found(customer, fold(wanted))
        }
        rows = [row.microsoft_id for row in found(lotus, wanted)]
        assert sorted(rows) == sorted(expected)


@pytest.mark.rule("R37")
@pytest.mark.parametrize("typed", ["蓝", "云", "科", "技", "云科技", "C", "cloud", "CLOUD", "21", "lan", "example"])
def test_a_mixed_name_is_found_by_any_chinese_character_and_by_its_latin_words(typed: str, lotus: Partner) -> None:
    list_of(lotus, [("蓝云科技Cloud 21", "lan-yun.example"), ("北京数据", "beijing.test")])
    assert [row.name for row in found(lotus, typed)] == ["蓝云科技Cloud 21"]


@pytest.mark.rule("R37")
@pytest.mark.parametrize("typed", ["ｂｌｕｅ", "BLUE", "Blue  Kiln", "blue\tkiln", " kiln ", "STRASSE", "Straße"])
def test_case_width_and_spaces_do_not_matter(typed: str, lotus: Partner) -> None:
    list_of(lotus, [("Blue Kiln Straße", "bluekiln.example")])
    assert [row.name for row in found(lotus, typed)] == ["Blue Kiln Straße"]


@pytest.mark.rule("R37")
@pytest.mark.parametrize("typed", ["iln", "lue", "%", "_", "blue%", "kiln blue", "'; --"])
def test_the_middle_of_a_word_and_wildcards_find_nothing(typed: str, lotus: Partner) -> None:
    list_of(lotus, [("Blue Kiln", "bluekiln.example")])
    assert found(lotus, typed) == []


@pytest.mark.rule("R37")
def test_pages_of_a_search_show_each_customer_once_however_many_words_match(
    lotus: Partner, elsewhere: Elsewhere
) -> None:
    names = [(f"Data {number:03} Datum Dato", f"data{number:03}.example") for number in range(2 * SIZE + 5)]
    ids = list_of(lotus, names)
    assert [row.microsoft_id for row in found(lotus, "dat")] == ids
    assert [row.microsoft_id for row in found(lotus, "datu")] == ids


@pytest.mark.rule("R37")
def test_a_partner_finds_its_own_customers_alone_and_no_ended_ones(lotus: Partner, jade: Partner, room: Room) -> None:
    list_of(jade, [("Data One", "one.example")])
    list_of(lotus, [("Data Two", "two.example")])
    ended = a_customer("Data Three")
    relationships.begin(lotus, ended)
    tie = relationships.between(lotus, ended)
    assert tie is not None
    tie.until = clock.now()
    other = Elsewhere()
    with rooms.inside(other.room):
        list_of(the(Partner, "Lotus Cloud"), [("Data Four", "four.example")])
    assert [row.name for row in found(lotus, "data")] == ["Data Two"]


@pytest.mark.rule("R37")
def test_a_name_too_long_to_file_whole_is_still_found_by_how_it_begins(lotus: Partner) -> None:
    name = "Longword" * 12
    list_of(lotus, [(name, "long.example")])
    assert [row.name for row in found(lotus, name)] == [name]
    assert all(len(term) <= WIDTH for term in beginnings(name))


def test_a_span_starts_at_what_was_typed_and_ends_after_everything_that_begins_so() -> None:
    first, last = span("Ki")
    assert first == "ki"
    assert all(first <= term < last for term in ("ki", "kiln", "ki蓝", "ki\U0001f600"))
    assert not any(first <= term < last for term in ("k", "kj", "蓝"))


@given(st.text(max_size=40))
def test_folding_leaves_writable_text_with_single_spaces(text: str) -> None:
    folded = fold(text)
    assert writable(folded)
    assert not {unicodedata.category(c) for c in folded} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert not re.search(r"^ | $|  ", folded)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("王　小明", "王 小明"),  # as Chinese input methods write a space
        ("Blue\u00a0Kiln", "Blue Kiln"),
        ("\ufeffBlue\u200bKiln\u2009", "Blue Kiln"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👩\u200d👧", "👩\u200d👧"),
        ("\U00033479", "\U00033479"),  # newer than our tables of characters
        ("\ue863", "\ue863"),  # of one's own, as rare Chinese names have them
    ],
)
def test_what_people_type_is_kept_with_plain_spaces(typed: str, kept: str) -> None:
    assert writable(typed)
    assert printable(typed) == kept


@pytest.mark.parametrize(
    "typed", ["a\0b", "a\x1b[2J", "\u202eevil", "\u2066a", "a\x85b", "\ud800", "\uffff", "\U0010ffff"]
)
def test_controls_and_what_turns_letters_round_are_not_written_by_people(typed: str) -> None:
    assert not writable(typed)


def test_a_joiner_makes_no_difference_to_a_search(lotus: Partner) -> None:
    list_of(lotus, [("می\u200cخواهم", "join.example")])
    assert len(found(lotus, "میخواهم")) == len(found(lotus, "می\u200cخواهم")) == 1
