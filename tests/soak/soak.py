"""What must hold while a soak is under way: see run.sh.

  never two copies         a service locks a file of its own for life; one that finds it locked says so (service.cpp)
  wanted up runs           within 3 s of the last act on it, 5 s after a KILL of its runsv
  wanted down is down      in the same time; what is wanted is what a client was last told to be done
  removed is ended         within 8 s
  no zombie                that is older than 3 s
  status, stat, pid agree  where nothing is done for a while
  runsv, runsvdir          as many descriptors as at first, and no more private memory
  lines                    each once and in order, see Service.faults_in_log
  no SIGPIPE               a service that gets one says so

On a busy machine every limit is lengthened by what was measured there: how much later than asked a sleeping thread of this
program woke up since the act, and how long the start of a process took.
"""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

from tree import is_alive
from world import World

SAMPLE = 0.2
SETTLED = 1.5  # seconds without a change, after which the files of supervise/ have to agree
GROWTH_KB = 24


class Lateness:
    """What the machine takes from everybody: a list of (moment, seconds)."""

    def __init__(self):
        self.late = []
        threading.Thread(target=self.measure, daemon=True).start()

    def measure(self):
        while True:
            begin = time.monotonic()
            time.sleep(0.05)
            subprocess.run(["true"], check=False)
            self.late.append((begin, time.monotonic() - begin - 0.055))

    def since(self, moment):
        """Twice what was measured: a start, an end and a start again all have to wait their turn."""
        return 2 * sum(max(0.0, late) for begin, late in self.late[-2000:] if begin >= moment - 0.5)


class Watch:
    def __init__(self, world):
        self.world = world
        self.lateness = Lateness()
        self.violations = 0
        self.first_sizes = {}
        self.grown = {}
        self.zombies = {}
        self.told = set()
        self.disagreeing = {}

    def violation(self, service, what):
        """Told once for each service and kind."""
        name = service.name if service else "-"
        key = (name, what.split(":")[0])
        if key in self.told:
            return
        self.told.add(key)
        self.violations += 1
        print(f"VIOLATION seed {self.world.seed}, {time.strftime('%H:%M:%S')}, service {name}"
              f"{' (' + service.kind + ')' if service else ''}: {what}")
        for when, act in list(service.history) if service else []:
            print(f"    {time.strftime('%H:%M:%S', time.localtime(when))}.{int(when % 1 * 1000):03} {act}")
        sys.stdout.flush()

    def look(self):
        for service in list(self.world.services.values()) + self.world.removed:
            if service.lock.acquire(blocking=False):
                try:
                    self.look_at(service)
                finally:
                    service.lock.release()

    def look_at(self, service):
        now = time.monotonic()
        if faults := service.faults():
            self.violation(service, f"{faults}")
        pid = service.pid()
        runs = is_alive(pid, service.path)
        if runs:
            service.seen_up = now
        over = now - service.last_act - service.limit
        allowed = self.lateness.since(service.last_act) if over > 0 else 0.0
        if service.is_gone:
            if over > allowed and runs:
                self.violation(service, f"removed, but runs: pid {pid}, stat {service.text('stat')}")
        elif service.want == "up":
            if over > allowed and now - service.seen_up > service.limit + allowed:
                self.violation(service, f"wanted up, but not seen to run: stat '{service.text('stat')}', pid {pid}, "
                               f"last seen {now - service.seen_up:.1f} s ago")
        elif service.want == "down" and over > allowed and (runs or not service.text("stat").startswith("down")):
            self.violation(service, f"wanted down, but is not: stat '{service.text('stat')}', pid {pid}")
        if over > allowed and not service.is_gone:
            self.compare(service, now)

    def compare(self, service, now):
        """Three looks in a row, since the files are replaced one after the other."""
        pid, stat, status = service.pid(), service.text("stat"), service.status()
        agree = status is not None and status[0] == pid and stat.startswith(("down", "run", "finish")[min(status[1], 2)])
        if agree or service.kind == "crashing":
            self.disagreeing.pop(service.name, None)
        elif now - self.disagreeing.setdefault(service.name, now) > SETTLED:
            self.violation(service, f"disagree: pid {pid}, stat '{stat}', status {status}")

    def look_at_processes(self):
        """Zombies, descriptors and memory of the supervisors."""
        now = time.monotonic()
        own = str(self.world.scratch)
        for pid, name in self.world.processes():
            try:
                fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
                if fields[0] == "Z":
                    self.see_zombie(pid, name, int(fields[1]), now)
                elif name in ("runsv", "runsvdir") and os.readlink(f"/proc/{pid}/cwd").startswith(own):
                    self.weigh(pid, name, now)
            except OSError:
                continue

    def see_zombie(self, pid, name, parent, now):
        try:
            is_ours = (os.readlink(f"/proc/{parent}/cwd").startswith(str(self.world.scratch))
                       and Path(f"/proc/{parent}/comm").read_text().strip() in ("runsv", "runsvdir"))
        except OSError:
            return
        if is_ours:
            first = self.zombies.setdefault((pid, name), now)
            if now - first > 3.0 + self.lateness.since(first):
                self.violation(None, f"zombie {pid} {name} of {parent} for {now - first:.1f} s")

    def weigh(self, pid, name, now):
        descriptors = len(os.listdir(f"/proc/{pid}/fd"))
        dirty = 0
        if "RUNSUITE_SANITIZED" not in os.environ:
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
            dirty = sum(int(line.split()[1]) for line in rollup if line.startswith("Private_Dirty"))
        begin, first_descriptors, first_dirty = self.first_sizes.setdefault(pid, (now, descriptors, dirty))
        if now - begin < 5.0:  # its first seconds count as its beginning
            self.first_sizes[pid] = (begin, max(first_descriptors, descriptors), max(first_dirty, dirty))
            return
        room = 10 if name == "runsvdir" else 2
        is_grown = descriptors > first_descriptors + room or dirty > first_dirty + GROWTH_KB * (8 if room > 2 else 1)
        self.grown[pid] = self.grown.get(pid, 0) + 1 if is_grown else 0
        if self.grown[pid] > 5:
            cwd = os.readlink(f"/proc/{pid}/cwd")
            self.violation(None, f"grown {pid}: {name} in {cwd} from {first_descriptors} descriptors, {first_dirty} KiB "
                           f"to {descriptors}, {dirty} KiB")

    def finish(self):
        """Everything ends in order; then the logs are complete, and nobody is left."""
        world = self.world
        for service in list(world.services.values()):
            service.note("HUP to runsvdir at the end", 15.0)
        (world.scratch / "stop").touch()
        begin = time.monotonic()
        if pid := world.runsvdir():
            os.kill(pid, 1)
        while left := self.left_over():
            if time.monotonic() - begin > 15 + self.lateness.since(begin):
                break
            time.sleep(0.1)
        for pid, name, cwd in left:
            self.violation(None, f"left over {pid}: {name} in {cwd}")
        for service in list(world.services.values()) + world.removed:
            self.check_end(service)
        world.clear()

    def check_end(self, service):
        if faults := service.faults():
            self.violation(service, faults)
        if service.has_log:
            for fault in service.faults_in_log():
                self.violation(service, f"lines: {fault}")

    def left_over(self):
        """All but the children that services leave on purpose, and the one in the place of process 1."""
        left = []
        for pid, name in self.world.processes():
            try:
                cwd = os.readlink(f"/proc/{pid}/cwd")
            except OSError:
                continue
            if cwd.startswith(str(self.world.scratch)) and name != "sleep" and is_alive(pid):
                left.append((pid, name, cwd))
        return left


def main():
    minutes, seed = float(sys.argv[1]), sys.argv[2]
    programs, service_program, scratch = (Path(word).resolve() for word in sys.argv[3:6])
    world = World(seed, programs, service_program, scratch)
    world.launch()
    watch = Watch(world)
    end = time.monotonic() + minutes * 60
    time.sleep(3)
    threads = [threading.Thread(target=world.command, args=(number,)) for number in range(4)]
    threads.append(threading.Thread(target=world.disturb))
    for thread in threads:
        thread.start()
    next_look = 0.0
    while time.monotonic() < end:
        watch.look()
        if time.monotonic() >= next_look:
            watch.look_at_processes()
            next_look = time.monotonic() + 2
        time.sleep(SAMPLE)
    world.stopping.set()
    for thread in threads:
        thread.join()
    watch.finish()
    late = sum(max(0.0, late) for _, late in watch.lateness.late)
    print(f"seed {seed}, {minutes:g} minutes: {world.actions} acts on {world.made} services, {watch.violations} violations; "
          f"the machine was {late:.1f} s late in all")
    return 1 if watch.violations else 0


sys.exit(main())
