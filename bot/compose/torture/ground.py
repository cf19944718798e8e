"""Faults of what the database stands on: a disk that fills up or turns read-only, a server that goes away."""

from bot.compose.sandbox import HEAD, OFFICE
from bot.compose.torture.stage import IN_FLIGHT, Stage


async def fail_disk(stage: Stage, times: int) -> None:
    """The disk takes nothing for a while: nothing is acknowledged then, the administrator is told, and it goes on."""
    disk, office = stage.disk, stage.phones[OFFICE]
    if disk is None:
        raise RuntimeError("there is no disk to fail")
    await stage.start()
    stage.let_them_write()
    await stage.more(3)
    for _ in range(times):
        await disk.fail(stage.pids)
        await office.wait_for("‼️", stage.patience)
        known = len(stage.server.acknowledged)
        await stage.phones[HEAD].send_text("/queue")  # every villager may be waiting for an answer
        await stage.wait(1.0)
        stage.claim(stage.server.unconfirmed, "nothing waits though nothing can be stored")
        stage.claim(len(stage.server.acknowledged) == known, "acknowledged what cannot be stored")
        if disk.live:
            await disk.mend(stage.pids)
        else:
            await stage.between_lives(disk.mend)
        # What was sent and could not be noted is sent again by the next process, as after a kill.
        stage.struck(twins=0 if disk.live else IN_FLIGHT)
        await stage.more(2)
        if disk.live:
            await office.wait_for("✅ 数据库好了", stage.patience)
    await stage.settle()


async def restart(stage: Stage, times: int) -> None:
    """`pg_ctl stop -m immediate`, a second or so without a database, and up again; the bot is not started anew."""
    if stage.postgres is None:
        raise RuntimeError("there is no server to pull down")
    await stage.start()
    stage.let_them_write()
    await stage.more()
    for _ in range(times):
        await stage.wait(stage.chance.uniform(0.1, 1.0))
        await stage.postgres.pull_down(stage.database)
        await stage.wait(stage.chance.uniform(0.2, 1.5))
        await stage.postgres.bring_up(stage.database)
        stage.struck()
        await stage.more(2)
    await stage.settle()
