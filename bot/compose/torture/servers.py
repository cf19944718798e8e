"""The database server goes away in mid-flight and comes back."""

from bot.compose.torture.stage import Stage


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
