"""Whatever the office changes at run time, the configuration stays one that the start would take."""

from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.compose.desk import newest_valid
from bot.compose.settings import as_toml
from bot.config import ConfigError, Configuration, load_configuration, load_settings
from bot.config.entries import CHANGEABLE
from bot.dialogue.settings.items import SETTINGS
from bot.domain.amendments import AS_IN_FILES, Amendment, Change, back_to, laid_over, to_be
from tests.config.files import Files
from tests.support.chat import MONDAY, sample

KEYS = tuple(sample()[0].files.entries)
FIELDS = ("name", "villages", "topics", "stand_in", "station", "role", "off", "limit", "keywords", "aliases", "topic")
WORDS = st.sampled_from(["", " ", "5d", "0d", "shilong", "shilong-2", "石龙村", "deputy", "office", "08:00", "{town}"])
PLAIN = st.one_of(st.none(), st.booleans(), st.integers(-2, 9), WORDS, st.lists(WORDS, max_size=3), st.just({}))


@st.composite
def edits(draw: st.DrawFn) -> dict[str, Change]:
    """Some of them sensible, most of them not."""
    found: dict[str, Change] = {}
    for _ in range(draw(st.integers(1, 4))):
        key = draw(st.sampled_from(KEYS) | st.sampled_from(["seat:new", "village:new", "odd", "x:y", "setting:a.b"]))
        entry = sample()[0].entries.get(key)
        if isinstance(entry, dict) and draw(st.booleans()):
            found[key] = to_be({**entry, draw(st.sampled_from(FIELDS)): draw(PLAIN)})
        else:
            found[key] = draw(st.sampled_from([AS_IN_FILES, to_be(None), to_be(entry)]) | PLAIN.map(to_be))
    return found


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rounds=st.lists(edits(), min_size=1, max_size=4))
def test_no_edit_leaves_a_configuration_that_the_start_would_refuse(
    tmp_path: Path, rounds: list[dict[str, Change]]
) -> None:
    held = sample()[0]
    for changes in rounds:
        with suppress(ConfigError):
            held = held.with_changes(changes)
    again = load_configuration(held.files.settings).with_over(held.over)
    assert (again.settings, again.entries) == (held.settings, held.entries)
    for part in ("villages", "roster", "topics"):
        (tmp_path / f"{part}.toml").write_text(as_toml(held, part), encoding="utf-8")
    town = load_configuration(_beside(tmp_path)).town
    for name in ("villages", "stations", "seats", "topics", "handlers"):
        assert [each.id for each in getattr(town, name)] == [each.id for each in getattr(held.town, name)]
    assert (town.stations, town.seats, town.topics) == (held.town.stations, held.town.seats, held.town.topics)


def _beside(folder: Path) -> Any:
    path = folder / "config.toml"
    path.write_text(
        '[town]\ncode = "ZJ"\nname = "样例镇"\noffice_name = "办"\noffice_phone = "1"\ntopics = "topics.toml"\n'
        '[privacy]\ncontroller = "办"\ncontact = "1"\n',
        encoding="utf-8",
    )
    return load_settings(path, {})


@settings(max_examples=50)
@given(st.lists(edits(), max_size=6), st.integers(0, 6))
def test_going_back_leads_to_exactly_what_was(rounds: list[dict[str, Change]], number: int) -> None:
    amendments = [Amendment(n, MONDAY, None, "", "", changes) for n, changes in enumerate(rounds, 1)]
    then, now = laid_over(amendments[:number]), laid_over(amendments)
    back = Amendment(len(rounds) + 1, MONDAY, None, "", "", back_to(then, now))
    assert laid_over([*amendments, back]) == then


def test_everything_that_may_be_changed_has_a_name_in_the_chat() -> None:
    named = {name for name in SETTINGS if name != "quiet"} | {"quiet.from", "quiet.until"}
    assert named == {f"{table}.{name}" for table, names in CHANGEABLE.items() for name in names}


def amended(configuration: Configuration, *changes: dict[str, Change]) -> Configuration:
    amendments = [Amendment(n, MONDAY, None, "", "", change) for n, change in enumerate(changes, 1)]
    return newest_valid(configuration, amendments)


def test_a_change_that_no_longer_fits_over_the_files_is_left_out_and_said(
    files: Files, caplog: pytest.LogCaptureFixture
) -> None:
    limit, seat = {"setting:limits.accept": to_be("9d")}, {"seat:d2": to_be(None)}
    files.change("roster.toml", ', stand_in = "d2"', "")
    fits = amended(load_configuration(files.settings()), limit, seat)
    assert (fits.number, fits.left_out, fits.town.seat("d2")) == (2, 0, None)
    assert fits.town.name_of("seat", "d2") == "代表丁"
    files.change("roster.toml", 'topics = ["roads"]', 'topics = ["roads"], stand_in = "d2"')
    left = amended(load_configuration(files.settings()), limit, seat)
    assert (left.number, left.left_out) == (2, 1)
    assert left.settings.limits.accept.working_days == 9
    assert left.town.seat("d2") is not None
    assert "amendment 2 does not fit" in caplog.text
    assert "代表丁" not in caplog.text


def test_what_the_office_has_not_touched_follows_the_files(files: Files) -> None:
    change = {"village:shilong": to_be({"name": "石龙村", "aliases": ["金鸡岭"]})}
    files.change("villages.toml", 'name = "大塘村"', 'name = "大塘新村"')
    town = amended(load_configuration(files.settings()), change).town
    assert [village.name for village in town.villages] == ["石龙村", "大塘新村"]
    assert town.villages[0].aliases == ("金鸡岭",)


def test_a_wrong_change_is_refused_in_the_words_of_the_start(files: Files) -> None:
    held = load_configuration(files.settings())
    wrong = {"seat:d1": to_be({**held.entries["seat:d1"], "villages": ["dating"]})}
    with pytest.raises(ConfigError) as caught:
        held.with_changes(wrong)
    files.change("roster.toml", 'villages = ["shilong"], topics', 'villages = ["dating"], topics')
    assert files.only_mistake() == caught.value.mistakes[0]
