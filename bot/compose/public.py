"""What everybody may look at over the web, wired to the store: the public board."""

from collections.abc import Callable

from bot.domain.town import Town
from bot.ports import Store
from bot.usecases.board import Board, cases_on_board, suggestions_on_board
from handlers.web.board import Look


def board_of(store: Store, town_now: Callable[[], Town]) -> Look:
    """Looks the board up; `town_now` is the town as it is in force."""

    async def look(village: str | None, topic: str | None, page: int) -> tuple[Town, Board, Board]:
        town = town_now()
        place = village if town.village(village) else None
        kind = topic if town.topic(topic) else None
        async with store.begin() as tx:
            return town, await cases_on_board(tx, town, place, kind, page), await suggestions_on_board(tx, 0)

    return look
