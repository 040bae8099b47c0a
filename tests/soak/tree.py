"""The services of a soak: what each is made of, what is wanted of it, and what has been done to it."""

import collections
import os
import shutil
import struct
import threading
import time
from pathlib import Path

LONGEST_BUFFER = 64 * 1024 // 40  # lines that a pipe or a svlogd holds at most
KINDS = ("plain", "plain", "plain", "reader", "crashing", "finish", "scripts", "child", "slow", "silent", "disk")
# How long a line of the service's run script takes to write is its pause; the sum of all is what the machine has to bear.
RUN = {
    "crashing": "-r 150 -e 1700 -c 1",
    "child": "-r 200 -e 9000 -l 4",
    "slow": "-r 200 -i 400",
}


def script(path, body):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n" + body)
    path.chmod(0o755)


class Service:
    """One service directory. `lock` is held by whoever acts on it, so that what is wanted is known."""

    def __init__(self, name, kind, path):
        self.name = name
        self.kind = kind
        self.path = path
        self.lock = threading.Lock()
        self.want = "up"  # up, down, or None where nobody can say
        self.is_gone = False  # moved out of the services directory
        self.last_act = time.monotonic()
        self.limit = 3.0
        self.log_kills = 0
        self.seen_up = time.monotonic()
        self.history = collections.deque(maxlen=10)

    @property
    def has_log(self):
        return self.kind != "silent"

    def note(self, what, limit=3.0):
        """Something that may take its time has been done to it: what is wanted has to be so again by `limit`."""
        now = time.monotonic()
        left = self.last_act + self.limit - now
        self.last_act = now
        self.limit = max(limit, left)
        self.history.append((time.time(), what))

    def build(self, programs, service, log_disk):
        directory = self.path
        shutil.rmtree(directory, ignore_errors=True)
        script(directory / "run", f"exec {service} {RUN.get(self.kind, '-r 200')}\n")
        if self.kind in ("finish", "crashing"):
            script(directory / "finish", "exec true\n")
        if self.kind == "scripts":
            script(directory / "control" / "t", "exit 1\n")
            script(directory / "control" / "d", "exit 1\n")
            script(directory / "control" / "u", "exit 0\n")
        if self.has_log:
            self.build_log(programs, log_disk)

    def build_log(self, programs, log_disk):
        log = self.path / "log"
        if self.kind == "reader":
            script(log / "run", "exec cat >>lines\n")
            return
        script(log / "run", f"exec {programs}/svlogd ./main\n")
        if self.kind == "disk":
            target = log_disk / f"{self.name}-{time.monotonic_ns()}"
            target.mkdir()
            (log / "main").symlink_to(target)
        else:
            (log / "main").mkdir()
        (log / "main" / "config").write_text("s20000\nn400\n")

    # What supervise/ says.
    def text(self, name):
        try:
            return (self.path / "supervise" / name).read_text().strip()
        except OSError:
            return ""

    def pid(self, of="."):
        try:
            return int((self.path / of / "supervise" / "pid").read_text() or 0)
        except (OSError, ValueError):
            return 0

    def status(self):
        """(pid, state) of the twenty bytes."""
        try:
            data = (self.path / "supervise" / "status").read_bytes()
            return struct.unpack("<I", data[12:16])[0], data[19]
        except (OSError, struct.error, IndexError):
            return None

    def faults(self):
        try:
            return (self.path / "faults").read_text().strip()
        except OSError:
            return ""

    def logged(self):
        if self.kind == "reader":
            files = [self.path / "log" / "lines"]
        else:
            main = self.path / "log" / "main"
            files = sorted(main.glob("@*")) + [main / "current"]
        return b"".join(file.read_bytes() for file in files if file.exists()).split(b"\n")

    def written(self):
        try:
            data = (self.path / "written").read_bytes()
        except OSError:
            return []
        return [number for (number,) in struct.iter_unpack("<Q", data[: len(data) // 8 * 8])]

    def faults_in_log(self):
        """Lines in order, none twice; each KILL of its log excuses one gap, no longer than what that log and the pipe hold.

        Whatever a start has counted as written has to be there. A KILL of the service may come between a line and its
        count, so the last line of a start may be there without being counted.
        """
        written = self.written()
        expected = [(start + 1, number + 1) for start, count in enumerate(written) for number in range(count)]
        place = {line: index for index, line in enumerate(expected)}
        faults, gaps, at = [], [], -1
        last_seen = (0, 0)
        for text in self.logged():
            words = text.split()
            try:
                line = (int(words[0]), int(words[1]))
            except (IndexError, ValueError):
                continue  # torn by a KILL or the end of it all: its line counts as missing
            if line <= last_seen:
                faults.append(f"line {line} comes after {last_seen}")
                continue
            last_seen = line
            if line not in place:
                if line[0] > len(written) or line[1] != written[line[0] - 1] + 1:
                    faults.append(f"line {line} was never counted")
                continue
            if place[line] != at + 1:
                gaps.append((at + 1, place[line] - 1))
            at = place[line]
        if at + 1 < len(expected):
            gaps.append((at + 1, len(expected) - 1))
        too_long = [gap for gap in gaps if gap[1] - gap[0] + 1 > LONGEST_BUFFER]
        if len(gaps) > self.log_kills or too_long:
            told = ", ".join(f"{expected[a]} to {expected[b]}" for a, b in gaps[:5])
            faults.append(f"{len(gaps)} gaps ({told}), its log was killed {self.log_kills} times")
        return faults


def is_alive(pid, directory=None):
    """Whether it lives and, where a directory is named, is at work there."""
    if not pid:
        return False
    try:
        with open(f"/proc/{pid}/stat") as file:
            state = file.read().rsplit(")", 1)[1].split()[0]
        if state in "ZX":
            return False
        return directory is None or os.readlink(f"/proc/{pid}/cwd") == str(directory)
    except OSError:
        return False
