"""The registers of what was disclosed: who looked up how an author can be reached, and what left the system."""

from bot.domain.machine import Action
from bot.domain.masking import mask
from bot.domain.periods import Period
from bot.domain.sheets import REGISTERS
from bot.usecases.case_registers import Rows
from bot.usecases.ledger import Ledger


async def reveals(ledger: Ledger, period: Period) -> Rows:
    """One row each time that the office looked up a contact: of which case, when, who and why; never the contact."""
    return [
        [
            record.case.number,
            ledger.local(record.event.at),
            ledger.seat_name(record.event.seat),
            ledger.station_name(seat.station if (seat := ledger.town.seat(record.event.seat)) else None),
            mask(str(record.event.data.get("text", ""))),
        ]
        for record in await ledger.events(period, [Action.REVEAL])
    ]


async def exports(ledger: Ledger, period: Period) -> Rows:
    """One row each register or report that was taken out, with whoever took it, and what for."""
    since, until = period.moments(ledger.town.zone)
    return [
        [
            ledger.local(export.at),
            REGISTERS[export.what].title if export.what in REGISTERS else export.what,
            export.period,
            export.who,
            mask(export.why),
            export.rows,
            export.form,
        ]
        for export in await ledger.tx.registers.exports()
        if since <= export.at < until
    ]
