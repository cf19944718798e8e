"""Imports a program once and forks a fresh process of it for each line on stdin: a start costs milliseconds."""

import ctypes
import gc
import importlib
import json
import os
import signal
import sys
import traceback
from contextlib import suppress

_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG


def main() -> None:
    """argv: `module:function`. Each line in: [log, arguments] as JSON. Each line out: the child's pid."""
    module, _, name = sys.argv[1].partition(":")
    function = getattr(importlib.import_module(module), name)
    logs: dict[int, str] = {}
    signal.signal(signal.SIGCHLD, lambda *_: _bury(logs))
    gc.collect()
    gc.freeze()  # or the first collection in each child would copy every page that it shares with us
    _say("ready")
    for line in sys.stdin:
        log, arguments = json.loads(line)
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCHLD])  # no child is buried before it is known
        pid = os.fork()
        if pid == 0:
            _become_a_process(log)
            try:
                function(arguments)
            except BaseException:
                traceback.print_exc()
            sys.stderr.flush()
            os._exit(1)
        logs[pid] = log
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGCHLD])
        _say(pid)


def _bury(logs: dict[int, str]) -> None:
    """Every child that is dead, with a word in its log on what it died of."""
    while logs:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if not pid:
            return
        with suppress(OSError), open(logs.pop(pid), "a") as log:
            log.write(f"process {pid} ended with {os.waitstatus_to_exitcode(status)}\n")


def _become_a_process(log: str) -> None:
    """One of its own, which writes to `log`, and does not outlive us."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGCHLD])
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    os.setsid()
    out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for stream in (1, 2):
        os.dup2(out, stream)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)


def _say(what: object) -> None:
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
