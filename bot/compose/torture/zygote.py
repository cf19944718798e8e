"""Imports a program once and forks a fresh process of it for each line on stdin: a start costs milliseconds."""

import ctypes
import importlib
import json
import os
import signal
import sys
import traceback

_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG


def main() -> None:
    """argv: `module:function`. Each line in: [log, arguments] as JSON. Each line out: the child's pid."""
    module, _, name = sys.argv[1].partition(":")
    function = getattr(importlib.import_module(module), name)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel buries the children
    _say("ready")
    for line in sys.stdin:
        log, arguments = json.loads(line)
        pid = os.fork()
        if pid == 0:
            _become_a_process(log)
            try:
                function(arguments)
            except BaseException:
                traceback.print_exc()
            sys.stderr.flush()
            os._exit(1)
        _say(pid)


def _become_a_process(log: str) -> None:
    """One of its own, which writes to `log`, and does not outlive us."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
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
