"""In the place of process 1: starts runsvdir again whenever it ends, and waits for every orphan.

python3 reaper.py SCRATCH COMMAND...: SCRATCH/runsvdir has its pid. It ends with its last child once there is SCRATCH/stop.
"""

import ctypes
import os
import subprocess
import sys
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36


def main():
    scratch, command = Path(sys.argv[1]), sys.argv[2:]
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    runsvdir = None
    while True:
        if runsvdir is None and not (scratch / "stop").exists():
            runsvdir = subprocess.Popen(command).pid
            (scratch / "runsvdir.new").write_text(str(runsvdir))
            (scratch / "runsvdir.new").rename(scratch / "runsvdir")
        try:
            pid, _ = os.waitpid(-1, 0)
        except ChildProcessError:
            if (scratch / "stop").exists():
                return
            continue
        if pid == runsvdir:
            runsvdir = None


main()
