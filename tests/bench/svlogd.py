#!/usr/bin/env python3
"""Measures programs that write logs beside each other and prints a Markdown table; see svlogd.sh.

In every round every program is measured once, so that whatever else the machine does hits all of them alike. A figure
is the best of the rounds, since other load can only make it worse. After each run every line is counted. What of ours
misses its aim is marked, and makes the exit code 1. The column "copy" is the limit: a pipe copied to a tmpfs file.
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

NEVER_ROTATE = {"svlogd": "s0\n", "multilog": ["s16777215", "n1000"], "s6-log": ["s268435455", "n1000"]}
AT_A_MEGABYTE = {"svlogd": "s1000000\nn0\n", "multilog": ["s1000000", "n100000"], "s6-log": ["s1000000", "n100000"]}


@dataclass
class Row:
    title: str
    line: int  # bytes of a line
    block: int  # bytes of a write; 0: a write for each line
    rotation: dict
    options: dict  # of each kind of program; what is missing cannot do it
    aim: tuple  # MB/s at least, s/GB at most


FILTER = {"svlogd": "-*foo*\n-*bar*\n", "multilog": ["-*foo*", "-*bar*"], "s6-log": ["-foo", "-bar"]}
NOTHING = {"svlogd": [], "multilog": [], "s6-log": [], "cat": [], "copy": []}
ROWS = [
    Row("100-byte lines, no stamps", 100, 65536, NEVER_ROTATE, NOTHING, (900, 0.8)),
    Row("TAI64N stamps (`-t`)", 100, 65536, NEVER_ROTATE, {"svlogd": ["-t"], "multilog": ["t"], "s6-log": ["t"]}, (450, 2)),
    Row("`-tt`", 100, 65536, NEVER_ROTATE, {"svlogd": ["-tt"], "s6-log": ["T"]}, (400, 2.2)),
    Row("two filter patterns", 100, 65536, NEVER_ROTATE, FILTER, (450, 2)),
    Row("200-byte lines, rotation at 1 MB", 200, 65536, AT_A_MEGABYTE, NOTHING, (900, 0.8)),
    Row("a writer that makes one write per line", 100, 0, NEVER_ROTATE, NOTHING, (250, 3)),
]


LATENCY_AIM = 6.5  # us
MEMORY_AIMS = {"ours-glibc": 97, "ours-musl": 24}  # KiB
RATIO_AIMS = {"reference": 9, "s6-log": 3.5}  # of MB/s, plain lines


def kind_of(program):
    name = Path(program).name
    return {"log_writer": "copy"}.get(name, name) if name in ("multilog", "s6-log", "cat", "log_writer") else "svlogd"


def command(program, row, directory):
    kind = kind_of(program)
    options = row.options.get(kind)
    if options is None:
        return None
    if kind == "cat":
        return [program]
    if kind == "copy":
        return [program, "copy"]
    if kind == "svlogd":
        config = row.rotation[kind] + (options if isinstance(options, str) else "")
        (directory / "config").write_text(config)
        return [program, *([] if isinstance(options, str) else options), str(directory)]
    separator = ["--"] if kind == "s6-log" else []
    return [program, *separator, *options, *row.rotation[kind], str(directory)]


def count_lines(directory):
    count = 0
    for name in directory.iterdir():
        if name.name == "current" or name.name.startswith("@"):
            with open(name, "rb") as file:
                while block := file.read(1 << 20):
                    count += block.count(b"\n")
    return count


def run(program, row, lines, writer, scratch):
    """(MB/s, CPU seconds per GB) of one run, or None where the program cannot do it."""
    directory = Path(tempfile.mkdtemp(dir=scratch))
    argv = command(program, row, directory)
    if argv is None:
        return None
    reading, writing = os.pipe()
    output = open(directory / "current", "wb") if kind_of(program) in ("cat", "copy") else subprocess.DEVNULL
    started = time.perf_counter()
    logger = subprocess.Popen(argv, stdin=reading, stdout=output, stderr=subprocess.DEVNULL)
    feeder = subprocess.Popen([writer, "write", str(lines), str(row.line), str(row.block)], stdout=writing)
    os.close(reading)
    os.close(writing)
    _, _, usage = os.wait4(logger.pid, 0)
    took = time.perf_counter() - started
    feeder.wait()
    logger.returncode = 0
    seen = count_lines(directory)
    shutil.rmtree(directory)
    if seen != lines:
        sys.exit(f"{program}, {row.title}: {seen} of {lines} lines")
    size = lines * row.line
    return size / took / 1e6, (usage.ru_utime + usage.ru_stime) / size * 1e9


def latency(program, writer, scratch):
    directory = Path(tempfile.mkdtemp(dir=scratch))
    argv = command(program, ROWS[0], directory)
    output = open(directory / "current", "wb") if kind_of(program) in ("cat", "copy") else subprocess.DEVNULL
    logger = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=output, stderr=subprocess.DEVNULL)
    told = subprocess.run([writer, "latency", "3000", str(directory / "current")], stdout=logger.stdin,
                          stderr=subprocess.PIPE, check=True).stderr
    logger.stdin.close()
    logger.wait()
    shutil.rmtree(directory)
    return int(told) / 1000


def memory(program, scratch):
    """KiB of private memory that are no file's: the median of several, as where a stack begins in its page is random."""
    return statistics.median_low(memory_once(program, scratch) for _ in range(9))


def memory_once(program, scratch):
    directory = Path(tempfile.mkdtemp(dir=scratch))
    argv = command(program, ROWS[0], directory)
    logger = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                              env={"PATH": "/usr/bin:/bin"})
    time.sleep(0.3)
    rollup = Path(f"/proc/{logger.pid}/smaps_rollup").read_text()
    logger.stdin.close()
    logger.wait()
    shutil.rmtree(directory)
    return next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Anonymous"))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--writer", required=True)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--lines", type=int, default=1000000)
    parser.add_argument("--program", action="append", default=[], metavar="NAME=PATH")
    given = parser.parse_args()
    programs = dict(pair.split("=", 1) for pair in given.program)
    for peer in ("multilog", "s6-log", "cat"):
        if path := shutil.which(peer):
            programs[peer] = path
    programs["copy"] = given.writer
    shared_memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    scratch = Path(tempfile.mkdtemp(prefix="bench-", dir=shared_memory))
    try:
        is_met = report(given, programs, scratch)
    finally:
        shutil.rmtree(scratch)
    sys.exit(0 if is_met else 1)


class Aims:
    """What ours is held against. mark() is what stands behind a figure."""

    def __init__(self):
        self.missed = []

    def mark(self, name, title, holds):
        if not name.startswith("ours"):
            return ""
        if not holds:
            self.missed.append(f"{name}: {title}")
        return " ok" if holds else " MISSED"


def report(given, programs, scratch):
    results = {(name, row.title): [] for name in programs for row in ROWS}
    waits = {name: [] for name in programs}
    for number in range(given.rounds):
        print(f"round {number + 1} of {given.rounds}", file=sys.stderr)
        for row in ROWS:
            for name, program in programs.items():
                if (result := run(program, row, given.lines, given.writer, scratch)) is not None:
                    results[name, row.title].append(result)
        for name, program in programs.items():
            waits[name].append(latency(program, given.writer, scratch))
    aims = Aims()
    print(f"MB/s, CPU seconds per GB; {given.lines} lines, the best of {given.rounds} rounds.\n")
    print("| | " + " | ".join(programs) + " | aim |")
    print("|---|" + "---|" * (len(programs) + 1))
    best = {cell: (max(run[0] for run in runs), min(run[1] for run in runs)) for cell, runs in results.items() if runs}
    for row in ROWS:
        cells = []
        for name in programs:
            speed, cost = best.get((name, row.title), (0, 0))
            is_met = speed >= row.aim[0] and cost <= row.aim[1]
            cells.append(f"{speed:.0f}, {cost:.2f}{aims.mark(name, row.title, is_met)}" if speed else "-")
        print(f"| {row.title} | " + " | ".join(cells) + f" | ≥ {row.aim[0]}, ≤ {row.aim[1]} |")
    report_small(programs, waits, scratch, aims)
    report_ratios(programs, best, aims)
    if aims.missed:
        print("\nMissed:\n" + "\n".join(f"- {figure}" for figure in aims.missed))
    return not aims.missed


def report_small(programs, waits, scratch, aims):
    cells = []
    for name in programs:
        wait = min(waits[name])
        cells.append(f"{wait:.1f}" + aims.mark(name, "one line until visible", wait <= LATENCY_AIM))
    print("| one line until visible, us | " + " | ".join(cells) + f" | ≤ {LATENCY_AIM} |")
    cells = []
    for name, program in programs.items():
        if kind_of(program) == "copy":
            cells.append("-")
            continue
        size = memory(program, scratch)
        cells.append(f"{size}" + aims.mark(name, "memory of an idle one", size <= MEMORY_AIMS.get(name, size)))
    print("| memory of an idle one, KiB | " + " | ".join(cells) + " | ≤ " +
          ", ".join(f"{size} {name}" for name, size in MEMORY_AIMS.items()) + " |")


def report_ratios(programs, best, aims):
    ours = [name for name in programs if name.startswith("ours")]
    print(f"\n| {ROWS[0].title}, as a multiple | " + " | ".join(ours) + " | aim |")
    print("|---|" + "---|" * (len(ours) + 1))
    for peer, aim in RATIO_AIMS.items():
        if (peer, ROWS[0].title) not in best:
            print(f"| of {peer}: it is not here |" + " |" * (len(ours) + 1))
            continue
        cells = []
        for name in ours:
            ratio = best[name, ROWS[0].title][0] / best[peer, ROWS[0].title][0]
            cells.append(f"{ratio:.1f}" + aims.mark(name, f"{aim} x {peer}", ratio >= aim))
        print(f"| of {peer} | " + " | ".join(cells) + f" | ≥ {aim} |")
    limit = best["copy", ROWS[0].title]
    shares = [f"{best[name, ROWS[0].title][0] / limit[0]:.2f}" for name in ours]
    print(f"| of the limit, a pipe copied to a tmpfs file ({limit[0]:.0f} MB/s, {limit[1]:.2f} s/GB) | " +
          " | ".join(shares) + " | |")


if __name__ == "__main__":
    main()
