"""Looking near a reader's seats and stations first leaves nothing out: the quick way finds what the plain one finds."""

from dataclasses import replace
from itertools import product

import pytest

from bot.domain.authority import staff_parts, takes_part
from bot.domain.machine import State
from bot.domain.town import Role
from bot.usecases.digests import reach_of
from tests.domain.test_machine import case_in
from tests.support.chat import sample


@pytest.mark.parametrize("role", list(Role))
def test_every_case_that_a_seat_has_a_part_in_lies_within_its_reach(role: Role) -> None:
    town = sample()[0].town
    deputies = [None, *(seat.id for seat in town.seats_of(Role.DEPUTY))]
    stations = [None, *(station.id for station in town.stations)]
    place = [replace(case_in(State.WITH_STATION), deputy=d, station=s) for d, s in product(deputies, stations)]
    for seat in town.seats_of(role):
        reach = reach_of(town, [seat.id])
        if reach is None:
            assert role is Role.OFFICE
            continue
        for case in place:
            if staff_parts(town, case, 1, [seat.id]):
                assert case.deputy in reach.seats or case.station in reach.stations


@pytest.mark.parametrize("role", list(Role))
def test_whether_a_seat_has_a_part_is_told_as_which_part_it_has(role: Role) -> None:
    town = sample()[0].town
    deputy = next(seat for seat in town.seats_of(Role.DEPUTY) if seat.stand_in)
    plain = replace(case_in(State.WITH_STATION), deputy=deputy.id, station=deputy.station)
    kinds = [plain, replace(plain, sealed=True), replace(plain, restricted=True), replace(plain, recused=(1,))]
    for seat, case in product(town.seats_of(role), kinds):
        assert takes_part(town, case, 1, [seat.id]) == bool(staff_parts(town, case, 1, [seat.id]))
