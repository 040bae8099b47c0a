#!/usr/bin/env python3
"""Measures suites of supervision programs beside each other and prints a Markdown table; see run.sh.

In every round every suite is measured once, so that whatever else the machine does hits all of them alike. A figure is
the median over the rounds. Where an aim is a ratio, it is to the reference of the same run.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

REFERENCE = "reference"
SERVICES = 500
RAN_LONG_ENOUGH = 3.2  # seconds: what ran longer is restarted at once
QUIET_WINDOW = 20  # seconds in which an idle tree is watched
REPEATS = 5  # of a quick figure within a round
# In memory where that is possible: the journal of a disk costs more than the supervisors, and hits all alike.
SCRATCH = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


@dataclass
class Aim:
    """At most `limit`: times the reference, or in the row's own unit."""

    limit: float
    is_ratio: bool = False

    def text(self):
        return f"≤ {self.limit:g} x" if self.is_ratio else f"≤ {self.limit:g}"

    def is_met(self, value, reference):
        return value <= (self.limit * reference if self.is_ratio else self.limit)


def ratio(limit):
    return Aim(limit, is_ratio=True)


@dataclass
class Row:
    key: str
    title: str
    unit: str
    aims: dict  # suite -> Aim


def row(key, title, unit, musl, glibc, static=None):
    aims = {"musl": musl, "glibc": glibc, "glibc-static": static}
    return Row(key, title, unit, {suite: aim for suite, aim in aims.items() if aim})


ROWS = [
    row("start", f"`runsvdir` started -> {SERVICES} services run", "ms", ratio(0.30), ratio(0.95)),
    row("cpu", "CPU per service at start", "us", ratio(0.25), ratio(0.95)),
    row("pss", "memory (PSS) per service", "KiB", Aim(10), Aim(95), Aim(56)),
    row("pss_log", "memory (PSS) per service with log", "KiB", Aim(10), Aim(95), Aim(56)),
    row("fds", "descriptors per runsv", "", Aim(7), Aim(7), Aim(7)),
    row("fds_log", "descriptors per runsv with log", "", Aim(10), Aim(10), Aim(10)),
    row("wakeups", f"idle tree of {SERVICES}: wake-ups a minute", "", Aim(0), Aim(0), Aim(0)),
    row("calls", f"idle tree of {SERVICES}: system calls a minute", "", Aim(0), Aim(0), Aim(0)),
    row("rename", "directory renamed into place -> it runs", "ms", Aim(1), Aim(2)),
    row("death", "SIGKILL of a service that ran > 3 s -> next instance", "ms", ratio(0.7), ratio(1.0)),
    row("crash", "crash loop, starts a second", "", Aim(1), Aim(1), Aim(1)),
    row("restart", "`sv restart`, wall, `SVSETTLE=0`", "ms", Aim(1.0), Aim(3)),
    row("stop", "`sv stop`, wall", "ms", Aim(0.7), Aim(2.5)),
    row("up", "`sv start`, wall", "ms", Aim(0.7), Aim(2.5)),
    row("status", "`sv status` of 1 service", "ms", Aim(0.12), Aim(0.9)),
    row("status_all", f"`sv status` of {SERVICES} services", "ms", Aim(1.4), Aim(3.5)),
    row("hup", f"HUP to a tree of {SERVICES} -> all processes gone", "ms", ratio(0.6), ratio(1.0)),
    row("size", "the three programs on disk", "KiB", Aim(150), None),
]


class Tree:
    """A runsvdir of one suite over a directory of services whose ./run is a given program."""

    def __init__(self, tools, programs, count, run="idle", with_log=False):
        self.root = Path(tempfile.mkdtemp(prefix="runsuite-bench-", dir=SCRATCH))
        self.services = self.root / "services"
        self.tools = tools
        self.run = run
        self.names = [f"s{number}" for number in range(count)]
        self.services.mkdir()
        for name in self.names:
            self.add(self.services / name)
            if with_log:
                self.add(self.services / name / "log", "log")
        # What sv itself costs, without the time that a new run has to last.
        environment = {"PATH": f"{programs}:/usr/bin:/bin", "SVDIR": str(self.services), "SVSETTLE": "0"}
        command = [str(tools / "measure"), str(Path(programs) / "runsvdir"), str(self.services)]
        self.measure = subprocess.Popen(
            command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )
        self.sv = str(Path(programs) / "sv")

    def add(self, where, run=None):
        where.mkdir()
        shutil.copy(self.tools / (run or self.run), where / "run")

    def ask(self, order):
        self.measure.stdin.write(order + "\n")
        answer = self.measure.stdout.readline().split()
        if not answer or answer[0] in ("timeout", "unknown"):
            raise RuntimeError(f"{self.sv}: no answer to {order[:60]}: {answer}")
        return answer

    def milliseconds(self, order):
        return int(self.ask(order)[0]) / 1e6

    def client(self, *words, times=1):
        """Wall time in ms of one sv command; of one that changes nothing the median of several in a row."""
        wall, code = self.ask(" ".join(["spawn", str(times), self.sv, *words]))
        if code != "0":
            raise RuntimeError(f"sv {' '.join(words)[:60]} exits {code}")
        return int(wall) / 1e6

    def pid_of(self, name):
        return int((self.services / name / "supervise/pid").read_text())

    def processes(self):
        """Pids of runsvdir, of every runsv, and of all below these."""
        runsvdir = int(self.ask("pid")[0])
        supervisors = children_of(runsvdir)
        services = [pid for supervisor in supervisors for pid in children_of(supervisor)]
        return runsvdir, supervisors, services

    def end(self):
        wall = self.milliseconds("hup")
        self.measure.stdin.close()
        self.measure.wait()
        shutil.rmtree(self.root)
        return wall


def children_of(pid):
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def field(pid, file, name):
    for line in Path(f"/proc/{pid}/{file}").read_text().splitlines():
        if line.startswith(name + ":"):
            return int(line.split()[1])
    raise KeyError(name)


def cpu_microseconds(pids):
    return sum(int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) for pid in pids) / 1000


def wakeups(pids):
    return sum(field(pid, "status", "voluntary_ctxt_switches") for pid in pids)


def system_calls(pids):
    """System calls that end within a window, a minute; None without strace."""
    if not shutil.which("strace"):
        return None
    with tempfile.NamedTemporaryFile("r") as record:
        attach = [word for pid in pids for word in ("-p", str(pid))]
        strace = subprocess.Popen(
            ["strace", "-qq", "-ttt", "-o", record.name, *attach], stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(4)  # attaching wakes every process once
        begin = time.time()
        time.sleep(QUIET_WINDOW)
        end = time.time()
        strace.terminate()
        strace.wait()
        stamps = [float(line.split()[1]) for line in record if " detached" not in line and " resumed" not in line]
    return sum(begin <= stamp < end for stamp in stamps) * 60 / QUIET_WINDOW


def per_supervisor(supervisors, of_one):
    return statistics.mean(of_one(pid) for pid in supervisors)


def pss(pid):
    return field(pid, "smaps_rollup", "Pss")


def descriptors(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


def measure_idle(tree, figures):
    runsvdir, supervisors, _ = tree.processes()
    pids = [runsvdir, *supervisors]
    before = wakeups(pids)
    time.sleep(QUIET_WINDOW)
    figures["wakeups"] = [(wakeups(pids) - before) * 60 / QUIET_WINDOW]
    calls = system_calls(pids)
    if calls is not None:
        figures["calls"] = [calls]


def measure_clients(tree, figures):
    """Each service is asked once: one that ran less than a second would be held back."""
    names = iter(tree.names)
    figures["death"] = [tree.milliseconds(f"kill {tree.pid_of(next(names))}") for _ in range(REPEATS)]
    figures["restart"] = [tree.client("restart", next(names)) for _ in range(REPEATS)]
    stopped = [next(names) for _ in range(REPEATS)]
    figures["stop"] = [tree.client("stop", name) for name in stopped]
    figures["up"] = [tree.client("start", name) for name in stopped]
    figures["status"] = [tree.client("status", tree.names[-1], times=20) for _ in range(REPEATS)]
    figures["status_all"] = [tree.client("status", *tree.names, times=20) for _ in range(REPEATS)]


def measure_rename(tree, figures):
    tree.add(tree.root / "staged")
    figures["rename"] = [tree.milliseconds(f"rename {tree.root}/staged {tree.services}/renamed")]


def measure_tree(tools, programs, with_idle):
    figures = {}
    tree = Tree(tools, programs, SERVICES)
    figures["start"] = [tree.milliseconds(f"await {SERVICES}")]
    time.sleep(RAN_LONG_ENOUGH)
    runsvdir, supervisors, services = tree.processes()
    figures["cpu"] = [cpu_microseconds([runsvdir, *supervisors, *services]) / SERVICES]
    figures["pss"] = [per_supervisor(supervisors, pss)]
    figures["fds"] = [per_supervisor(supervisors, descriptors)]
    if with_idle:
        measure_idle(tree, figures)
    measure_clients(tree, figures)
    measure_rename(tree, figures)
    figures["hup"] = [tree.end()]
    return figures


def measure_with_log(tools, programs):
    tree = Tree(tools, programs, SERVICES, with_log=True)
    tree.milliseconds(f"await {SERVICES}")  # the logs: what the services say goes to these
    time.sleep(1)
    _, supervisors, _ = tree.processes()
    figures = {"pss_log": [per_supervisor(supervisors, pss)], "fds_log": [per_supervisor(supervisors, descriptors)]}
    tree.end()
    return figures


def measure_crash(tools, programs):
    tree = Tree(tools, programs, 1, run="crash")
    tree.milliseconds("await 2")
    starts = int(tree.ask("count 5000")[0]) / 5
    tree.end()
    return {"crash": [starts]}


def size(programs):
    return sum((Path(programs) / name).stat().st_size for name in ("runsv", "runsvdir", "sv")) / 1024


def measure_once(tools, programs):
    return {**measure_with_log(tools, programs), **measure_crash(tools, programs), "size": [size(programs)]}


def cell(row, suite, medians):
    value = medians[suite].get(row.key)
    if value is None:
        return "-"
    text = f"{value:.3g}" if value < 100 else f"{value:.0f}"
    reference = medians[REFERENCE].get(row.key)
    if suite == REFERENCE or not reference:
        factor = ""
    else:
        factor = f" ({value / reference:.2f} x)"
    aim = row.aims.get(suite)
    if aim is None:
        return text + factor
    verdict = "ok" if aim.is_met(value, reference or 0) else "**missed**"
    return f"{text}{factor}, {aim.text()}: {verdict}"


def print_rows(rows, suites, medians):
    print("| | | " + " | ".join(suites) + " |")
    print("|---" * (len(suites) + 2) + "|")
    for each in rows:
        cells = [cell(each, suite, medians) for suite in suites]
        print(f"| {each.title} | {each.unit} | " + " | ".join(cells) + " |")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tools", type=Path, required=True, help="directory of idle, crash and measure")
    parser.add_argument("--reference", required=True, help="directory of the reference's programs")
    parser.add_argument("--ours", action="append", default=[], metavar="NAME=DIR")
    parser.add_argument("--rounds", type=int, default=5)
    return parser.parse_args()


def main():
    options = arguments()
    suites = {REFERENCE: options.reference, **dict(each.split("=", 1) for each in options.ours)}
    samples = {suite: {} for suite in suites}
    if os.getloadavg()[0] > 1:
        print(f"The machine is busy (load {os.getloadavg()[0]:.0f}): times will be too long.", file=sys.stderr)

    def add(suite, figures):
        for key, values in figures.items():
            samples[suite].setdefault(key, []).extend(values)

    for number in range(options.rounds):
        for suite, programs in suites.items():
            print(f"round {number + 1} of {options.rounds}: {suite}", file=sys.stderr)
            add(suite, measure_tree(options.tools, programs, with_idle=number == 0))
            if number == 0:
                add(suite, measure_once(options.tools, programs))
    medians = {suite: {key: statistics.median(values) for key, values in of.items()} for suite, of in samples.items()}
    print(f"Medians of {options.rounds} interleaved rounds; (N x): times the reference.\n")
    print_rows(ROWS, list(suites), medians)
    print(
        f"\nWake-ups are voluntary context switches of runsvdir and every runsv in {QUIET_WINDOW} s, system calls those "
        "that strace sees\nin as long, both scaled to a minute. CPU is what the scheduler counted for runsvdir, every "
        "runsv and every ./run\nuntil 3 s after the start. Every ./run is a program without a C library that says one byte. "
        f"The services are in {SCRATCH or tempfile.gettempdir()}."
    )


if __name__ == "__main__":
    main()
