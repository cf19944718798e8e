"""Who acts from which seat at this moment, leaves and all."""

from bot.domain import standing as domain
from bot.domain.standing import Standing
from bot.usecases.desk import Desk


async def standing(desk: Desk) -> Standing:
    return domain.standing(desk.town, await desk.tx.people.holders(), await desk.tx.leaves.open(), desk.now)
