"""Every message exists in every language: none missing, none fuzzy, none left over, no placeholder lost."""

import re
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
KEYWORDS = {"_": None, "_l": None, "gettext": None, "ngettext": (1, 2), "lazy_gettext": None, "lazy_ngettext": (1, 2)}
ROOMS = ("shared", "partner_portal", "admin_center")


@cache
def in_the_source() -> frozenset[str]:
    """The English of every message the source marks, by its singular."""
    found: set[str] = set()
    with (ROOT / "babel.cfg").open() as settings:
        methods, options = parse_mapping_cfg(settings)
    for room in ROOMS:
        for _file, _line, message, *_ in extract_from_dir(str(ROOT / room), methods, options, KEYWORDS):
            found.add(message if isinstance(message, str) else message[0])
    return frozenset(found)


@cache
def catalogue(language: str) -> Catalog:
    """What is translated."""
    return read_po(BytesIO((ROOT / "shared/translations" / language / "LC_MESSAGES/messages.po").read_bytes()))


def messages(language: str) -> list[Message]:
    """Every message of a catalogue but its header."""
    return [message for message in catalogue(language) if message.id]


def texts(words: object) -> list[str]:
    """One text, or all plural forms."""
    return [words] if isinstance(words, str) else list(words)  # type: ignore[call-overload]


@pytest.mark.parametrize("language", ["de", "zh_Hans_CN"])
def test_every_message_of_the_source_is_translated_and_nothing_else(language: str) -> None:
    translated = {texts(message.id)[0] for message in messages(language)}
    assert translated == in_the_source()
    assert [message.id for message in messages(language) if not all(texts(message.string)) or message.fuzzy] == []
    assert list(catalogue(language).obsolete) == []


@pytest.mark.parametrize("language", ["de", "zh_Hans_CN"])
def test_no_placeholder_is_lost_on_the_way(language: str) -> None:
    def placeholders(text: str) -> list[str]:
        return sorted(re.findall(r"%\(\w+\)s", text))

    wrong = [
        message.id
        for message in messages(language)
        for text in texts(message.string)
        if placeholders(text) != placeholders(texts(message.id)[-1])
    ]
    assert wrong == []


# As the real portals write these (domain 1.2).
HALF_WIDTH = {"Next: Subscriptions", "Next: Review", "Reseller (MPN ID)"}


def test_chinese_is_punctuated_in_full_width_and_says_you_as_the_portals_do() -> None:
    wrong = [
        message.id
        for message in messages("zh_Hans_CN")
        for text in texts(message.string)
        if re.search(r"[()您]|[\u4e00-\u9fff][,.;:!?]", re.sub(r"%\(\w+\)s", "一", text))
    ]
    assert set(wrong) == HALF_WIDTH


def test_chinese_has_one_word_for_the_act_and_one_for_the_state_of_being_suspended() -> None:
    assert [message.id for message in messages("zh_Hans_CN") if "已暂停" in "".join(texts(message.string))] == []
