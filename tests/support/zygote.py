"""Imports a program once and forks a fresh process of it for each line on stdin: a start costs milliseconds."""

import importlib
import json
import os
import signal
import sys
import traceback


def main() -> None:
    """argv: `module:function`, the log's path. Each line in: the arguments, JSON. Each line out: the child's pid."""
    module, _, name = sys.argv[1].partition(":")
    function = getattr(importlib.import_module(module), name)
    log = os.open(sys.argv[2], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel buries the children
    print("ready", flush=True)
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.setsid()
            for stream in (1, 2):
                os.dup2(log, stream)
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            try:
                function(json.loads(line))
            except BaseException:
                traceback.print_exc()
            sys.stderr.flush()
            os._exit(1)
        print(pid, flush=True)


if __name__ == "__main__":
    main()
