"""The town is built only from files in which every name leads somewhere."""

import pytest

from bot.config import SAMPLE_CONFIG, load_settings, load_town
from bot.domain.places import Hamlet
from bot.domain.town import ADMIN_SEAT, Role
from tests.config.files import Files, has_chinese


def test_the_town_is_what_its_files_say(files: Files) -> None:
    town = files.town()
    shilong = town.village("shilong")
    assert shilong is not None
    assert shilong.hamlets == (Hamlet("上石龙", ("上队",)), Hamlet("下石龙"))
    assert (shilong.latitude, shilong.longitude) == (22.02, 111.0)
    station = town.station_of("datang")
    assert station is not None
    assert station.id == "one"
    assert [seat.id for seat in town.deputies_of("shilong")] == ["d1"]
    assert town.topic("roads") is not None
    assert not town.sample


def test_the_administrator_has_a_seat_without_a_line_in_the_roster(files: Files) -> None:
    seat = files.town().seat(ADMIN_SEAT)
    assert seat is not None
    assert seat.role is Role.ADMIN


@pytest.mark.parametrize("name", ["villages.toml", "roster.toml"])
def test_a_sample_file_makes_a_sample_town(files: Files, name: str) -> None:
    text = (files.folder / name).read_text(encoding="utf-8")
    files.write(name, "sample = true\n" + text)
    assert files.town().sample


HEAD = '{ id = "head", name = "站长甲", role = "station_head", station = "one" },'


@pytest.mark.parametrize(
    ("name", "old", "new", "key", "says"),
    [
        ("villages.toml", 'id = "datang"', 'id = "shilong"', "village.id", "'shilong'"),
        ("villages.toml", 'id = "datang"', 'id = "Da Tang"', "village 'Da Tang'.id", "lower-case"),
        ("villages.toml", 'id = "datang"', "", "village[2].id", "add it"),
        ("villages.toml", 'name = "大塘村"', 'name = "石龙"', "village.name", "'石龙'"),
        ("villages.toml", '"下石龙"', '"上队"', "village 'shilong'.hamlets.name", "'上队'"),
        ("villages.toml", "longitude = 111", "", "village 'shilong'", "latitude"),
        ("villages.toml", "longitude = 111", "longitude = 1110", "village 'shilong'.longitude", "above 180"),
        ("villages.toml", "aliases", "aliasses", "village 'shilong'.aliasses", "'aliases'"),
        ("roster.toml", '"shilong", "datang"] }', '"shilong", "datan"] }', "station 'one'.villages", "'datang'"),
        ("roster.toml", '"shilong", "datang"] }', '"shilong"] }', "station … villages 'datang'", "no station"),
        ("roster.toml", HEAD, "", "station 'one'", "station_head"),
        ("roster.toml", HEAD, HEAD + HEAD.replace("head", "h2", 1).replace("甲", "乙"), "station 'one'", "h2"),
        ("roster.toml", '"office", name', '"admin", name', "seat 'admin'.id", "another id"),
        ("roster.toml", '{ id = "office", name = "办公室", role = "office" },', "", "seat", "office"),
        (
            "roster.toml",
            'role = "office" }',
            'role = "office", station = "one" }',
            "seat 'office'.station",
            "leave it out",
        ),
        ("roster.toml", 'role = "liaison"', 'role = "laison"', "seat 'liaison'.role", "'liaison'"),
        ("roster.toml", 'role = "liaison"', 'role = "admin"', "seat 'liaison'.role", "'liaison'"),
        (
            "roster.toml",
            'role = "liaison", station = "one"',
            'role = "liaison"',
            "seat 'liaison'.station",
            "name the station",
        ),
        (
            "roster.toml",
            'role = "deputy", station = "one", villages = ["datang"]',
            'role = "deputy", villages = ["datang"]',
            "seat 'd2'.station",
            "name the station",
        ),
        (
            "roster.toml",
            'role = "deputy", station = "one", villages = ["datang"]',
            'role = "deputy", station = "two", villages = ["datang"]',
            "seat 'd2'.station",
            "one",
        ),
        (
            "roster.toml",
            'role = "deputy", station = "one", villages = ["datang"]',
            'role = "deputy", station = "one"',
            "seat 'd2'.villages",
            "at least one village",
        ),
        (
            "roster.toml",
            'role = "deputy", station = "one", villages = ["datang"]',
            'role = "deputy", station = "one", villages = ["dating"]',
            "seat 'd2'.villages",
            "'datang'",
        ),
        ("roster.toml", '["roads"]', '["road"]', "seat 'd1'.topics", "'roads'"),
        ("roster.toml", 'stand_in = "d2"', 'stand_in = "d3"', "seat 'd1'.stand_in", "d1, d2"),
        ("roster.toml", 'stand_in = "d2"', 'stand_in = "d1"', "seat 'd1'.stand_in", "another seat"),
        ("roster.toml", 'stand_in = "d2"', 'stand_in = "office"', "seat 'd1'.stand_in", "another deputy"),
        ("roster.toml", 'stand_in = "d2"', 'stand_in = "liaison"', "seat 'd1'.stand_in", "another deputy"),
        ("roster.toml", '"代表丁"', '"代表丙"', "seat.name", "'代表丙'"),
        ("roster.toml", 'name = "一站"', 'name = ""', "station 'one'.name", "not empty"),
    ],
)
def test_a_mistake_in_the_towns_files_is_named_with_its_mend(
    files: Files, name: str, old: str, new: str, key: str, says: str
) -> None:
    files.change(name, old, new)
    found = files.mistakes()[0]
    assert (found.file, found.key) == (files.folder / name, key)
    assert says in found.problem + found.mend
    assert has_chinese(found.problem)
    assert has_chinese(found.mend)


def test_a_head_of_the_same_station_may_stand_in(files: Files) -> None:
    files.change("roster.toml", 'stand_in = "d2"', 'stand_in = "head"')
    seat = files.town().seat("d1")
    assert seat is not None
    assert seat.stand_in == "head"


def test_a_village_of_two_stations_is_refused(files: Files) -> None:
    files.change("roster.toml", "station = [", 'station = [{ id = "two", name = "二站", villages = ["datang"] },')
    files.change("roster.toml", "seat = [", f"seat = [{HEAD.replace('head', 'h2', 1).replace('one', 'two')}")
    found = files.only_mistake()
    assert found.key == "station … villages 'datang'"
    assert "two, one" in found.problem


@pytest.mark.parametrize(("name", "key"), [("villages.toml", "town.villages"), ("roster.toml", "town.roster")])
def test_a_missing_file_is_a_mistake_where_it_is_named(files: Files, name: str, key: str) -> None:
    (files.folder / name).unlink()
    found = files.only_mistake()
    assert (found.file, found.key) == (files.config, key)
    assert name in found.problem


def test_bad_toml_in_a_towns_file_is_named_by_line(files: Files) -> None:
    files.write("roster.toml", "station = [\n  oops\n]")
    found = files.only_mistake()
    assert found.file == files.folder / "roster.toml"
    assert found.key.startswith("line 2")


def test_a_topic_file_that_does_not_fit_is_named(files: Files) -> None:
    files.change("config.toml", "[privacy]", 'topics = "topics.toml"\n[privacy]')
    files.write("topics.toml", '[[topic]]\nid = "roads"\nname = "路"\n')
    found = files.only_mistake()
    assert found.file == files.folder / "topics.toml"
    assert "topic roads" in found.key


def test_mistakes_in_all_files_are_told_at_once(files: Files) -> None:
    files.change("villages.toml", 'name = "大塘村"', 'name = "石龙"')
    files.change("roster.toml", 'stand_in = "d2"', 'stand_in = "d1"')
    files.change("roster.toml", '["roads"]', '["road"]')
    assert len(files.mistakes()) == 3


def test_the_packaged_sample_is_a_whole_town_and_says_that_it_is_a_sample() -> None:
    town = load_town(load_settings(SAMPLE_CONFIG, {}))
    assert town.sample
    assert all(village.sample for village in town.villages)
    assert len(town.villages) == len(town.stations) == 15
    assert len([village for village in town.villages if village.name.endswith("社区")]) == 1
    deputies = town.seats_of(Role.DEPUTY)
    city = [seat for seat in deputies if "市代表" in seat.name]
    assert (len(deputies) - len(city), len(city)) == (81, 15)
    for role in (Role.STATION_HEAD, Role.DEPUTY_HEAD, Role.LIAISON):
        assert len(town.seats_of(role)) == 15
    assert len(town.seats_of(Role.OFFICE)) == 2
    assert town.office_phone.startswith("0000")
    assert all(station.phone.startswith("0000") for station in town.stations)


def test_every_topic_of_every_sample_village_has_a_deputy() -> None:
    town = load_town(load_settings(SAMPLE_CONFIG, {}))
    for village in town.villages:
        known = {topic for seat in town.deputies_of(village.id) for topic in seat.topics}
        assert known == {topic.id for topic in town.topics}


def test_handling_bodies_are_read_from_the_roster_and_named_once(files: Files) -> None:
    files.add(
        "roster.toml",
        '\nhandler = [{ id = "water", name = "水利所" }, { id = "power", name = "供电所", kind = "company" }]\n',
    )
    town = files.town()
    assert [(body.id, body.kind) for body in town.handlers] == [("water", "department"), ("power", "company")]
    assert town.handler("power") == town.handlers[1]
    assert town.handler("nobody") is None
    files.change("roster.toml", 'id = "power"', 'id = "water"')
    assert files.only_mistake().key == "handler.id"
