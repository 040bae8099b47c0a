#!/usr/bin/env python3
"""Measures first processes of containers beside each other and prints a Markdown table; see container.sh.

In every round every suite is measured once, so that whatever else the machine does hits all of them alike. A figure is
the median over the rounds.
"""

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from bench import REFERENCE, SCRATCH, Row, Aim, print_rows

ORPHANS = 10000


def row(key, title, unit, limit):
    return Row(key, title, unit, {"musl": Aim(limit)} if limit else {})


ROWS = [
    row("start1", "start until 1 service runs", "ms", 2.0),
    row("start10", "start until 10 services run", "ms", 4.5),
    row("stop10", "TERM with 10 services that end at once -> process 1 gone", "ms", 1.6),
    row("orphans", f"{ORPHANS} dead become orphans at one moment -> none left", "ms", 40),
    row("memory", "anonymous memory of the supervisors of 10 services", "KiB", 150),
    row("size", "the programs of the base image on disk", "KiB", 300),
]


class Suite:
    """Service directories in the shape of one suite, and the command that is process 1 over them."""

    path = "/usr/sbin"  # of the programs

    def __init__(self, root, tools):
        self.root = root
        self.tools = tools
        root.mkdir()
        self.make("one", 1, str(tools / "idle"))
        self.make("ten", 10, str(tools / "idle"))
        self.make("orphans", 1, f"{tools}/container orphans-of {ORPHANS}")

    def make(self, name, count, command):
        for number in range(count):
            self.add(self.root / name, f"s{number}", command)

    def command(self, name):
        raise NotImplementedError

    def measure(self, what, name, count=None):
        words = [self.tools / "container", what, *([str(count)] if count else []), *self.command(name)]
        environment = {"PATH": f"{self.path}:/usr/bin:/bin"}
        done = subprocess.run(
            words, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, timeout=120
        )
        if done.returncode != 0 or not done.stdout.strip():
            raise RuntimeError(f"{self.root.name}: {what} {name} failed")
        return int(done.stdout)

    def typical(self, *what):
        """The median of several in a row: one after a pause pays for caches that something else has filled."""
        return statistics.median(self.measure(*what) for _ in range(9))

    def figures(self):
        return {
            "start1": self.typical("start", "one", 1) / 1e6,
            "start10": self.typical("start", "ten", 10) / 1e6,
            "stop10": self.typical("stop", "ten", 10) / 1e6,
            "orphans": self.measure("orphans", "orphans") / 1e6,
            "memory": self.measure("memory", "ten", 10),
        }


class Runit(Suite):
    """A directory for each service, with a program `run`: ours, the reference and s6."""

    def __init__(self, root, tools, scanner, path):
        self.scanner = scanner
        self.path = path
        super().__init__(root, tools)

    def add(self, services, name, command):
        (services / name).mkdir(parents=True)
        run = services / name / "run"
        if " " in command:
            run.write_text(f"#!/bin/sh\nexec {command}\n")
            run.chmod(0o755)
        else:
            shutil.copy(command, run)

    def command(self, name):
        return [self.scanner, str(self.root / name)]


class Dinit(Suite):
    """A description for each service, and one named boot that waits for all of them."""

    def add(self, services, name, command):
        services.mkdir(exist_ok=True)
        (services / name).write_text(f"type = process\ncommand = {command}\noptions = shares-console\n")
        with open(services / "boot", "a", encoding="ascii") as boot:
            boot.write("" if boot.tell() else "type = internal\n")
            boot.write(f"waits-for = {name}\n")

    def command(self, name):
        return ["dinit", "-C", "-d", str(self.root / name)]


class OneProgram(Suite):
    """What runs one program and nothing else."""

    def __init__(self, root, tools, program):
        self.program = program
        super().__init__(root, tools)

    def make(self, name, count, command):
        setattr(self, name, command.split() if count == 1 else None)

    def command(self, name):
        return [self.program, "--", *getattr(self, name)]

    def figures(self):
        return {
            "start1": self.typical("start", "one", 1) / 1e6,
            "orphans": self.measure("orphans", "orphans") / 1e6,
        }


def size(programs):
    names = ("runsv", "runsvdir", "sv", "chpst", "svlogd")  # examples/alpine-base has these
    return sum((Path(programs) / name).stat().st_size for name in names if (Path(programs) / name).exists()) / 1024


def make_suites(root, options):
    tools = options.tools.resolve()
    suites = {REFERENCE: Runit(root / REFERENCE, tools, f"{options.reference}/runsvdir", options.reference)}
    sizes = {REFERENCE: size(options.reference)}
    for each in options.ours:
        name, programs = each.split("=", 1)
        suites[name] = Runit(root / name, tools, f"{programs}/runsvdir", programs)
        sizes[name] = size(programs)
    if shutil.which("s6-svscan"):
        suites["s6"] = Runit(root / "s6", tools, shutil.which("s6-svscan"), "/usr/bin")
    if shutil.which("dinit"):
        suites["dinit"] = Dinit(root / "dinit", tools)
    for program in ("tini", "catatonit"):
        if shutil.which(program):
            suites[program] = OneProgram(root / program, tools, program)
    return suites, sizes


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tools", type=Path, required=True, help="directory of idle and container")
    parser.add_argument("--reference", required=True, help="directory of the reference's programs")
    parser.add_argument("--ours", action="append", default=[], metavar="NAME=DIR")
    parser.add_argument("--rounds", type=int, default=10)
    return parser.parse_args()


def main():
    options = arguments()
    with tempfile.TemporaryDirectory(prefix="runsuite-bench-", dir=SCRATCH) as scratch:
        suites, sizes = make_suites(Path(scratch), options)
        samples = {name: {} for name in suites}
        for number in range(options.rounds):
            print(f"round {number + 1} of {options.rounds}", file=sys.stderr)
            for name, suite in suites.items():
                for key, value in suite.figures().items():
                    samples[name].setdefault(key, []).append(value)
    medians = {name: {key: statistics.median(values) for key, values in of.items()} for name, of in samples.items()}
    for name, value in sizes.items():
        medians[name]["size"] = value
    print(f"Medians of {options.rounds} interleaved rounds; (N x): times the reference.\n")
    print_rows(ROWS, list(suites), medians)
    print(
        "\nAs the first process of a new pid namespace, from clone(2) on, as `unshare -pf --mount-proc` makes it. Of the stop the\n"
        "reference tells no service. tini and catatonit run one program. The services are without a C library, in "
        f"{SCRATCH or tempfile.gettempdir()}."
    )


if __name__ == "__main__":
    main()
