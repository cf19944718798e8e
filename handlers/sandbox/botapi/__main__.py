"""`python -m handlers.sandbox.botapi --port 0`: the server alone; prints its address and serves until it is stopped."""

import argparse
import asyncio
import signal
import sys

from handlers.sandbox.botapi.server import BotApiServer


async def serve(host: str, port: int, users: list[str]) -> None:
    """Serve until SIGINT or SIGTERM; `users` are ID:NAME."""
    server = BotApiServer()
    for user in users:
        number, _, name = user.partition(":")
        server.add_user(int(number), name or number)
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for wanted in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(wanted, stopped.set)
    sys.stdout.write(await server.start(host, port) + "\n")
    sys.stdout.flush()
    try:
        await stopped.wait()
    finally:
        await server.stop()


def main() -> None:
    """Read the arguments and serve."""
    parser = argparse.ArgumentParser(prog="python -m handlers.sandbox.botapi", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free port")
    parser.add_argument("--user", action="append", default=[], metavar="ID:NAME", help="a phone; repeatable")
    wanted = parser.parse_args()
    asyncio.run(serve(wanted.host, wanted.port, wanted.user))


if __name__ == "__main__":
    main()
