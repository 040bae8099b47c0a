"""What a soak does: clients that command, and somebody who kills, moves, replaces and fills."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from tree import KINDS, Service, is_alive

SERVICES = 100


class World:
    def __init__(self, seed, programs, service_program, scratch):
        self.seed = seed
        self.programs = programs
        self.service_program = service_program
        self.scratch = scratch
        self.directory = scratch / "service"
        self.parked = scratch / "parked"
        self.log_disk = scratch / "disk"
        for directory in (self.directory, self.parked, self.log_disk):
            directory.mkdir()
        self.has_disk = self.mount_disk()
        self.services = {}
        self.removed = []
        self.stopping = threading.Event()
        self.made = 0
        self.actions = 0
        for _ in range(SERVICES):
            self.add()

    def mount_disk(self):
        how = ["mount", "-t", "tmpfs", "-o", "size=4m", "soak", str(self.log_disk)]
        return subprocess.run(how, stderr=subprocess.DEVNULL, check=False).returncode == 0

    def launch(self):
        command = [f"{self.programs}/runsvdir", "-P", str(self.directory)]
        path = f"{self.programs}:{os.environ['PATH']}"
        with open(self.scratch / "err", "ab") as err:
            self.reaper = subprocess.Popen(
                [sys.executable, str(Path(__file__).parent / "reaper.py"), str(self.scratch), *command],
                stdin=subprocess.DEVNULL, stdout=err, stderr=err, env={**os.environ, "PATH": path})

    def runsvdir(self):
        try:
            return int((self.scratch / "runsvdir").read_text())
        except (OSError, ValueError):
            return None

    # Directories.
    def add(self, name=None):
        """A new one, made elsewhere and moved in whole."""
        self.made += 1
        name = name or f"s{self.made:03}"
        service = Service(name, KINDS[self.made % len(KINDS)], self.parked / f"new-{self.made}")
        service.build(self.programs, self.service_program, self.log_disk)
        service.path.rename(self.directory / name)
        service.path = self.directory / name
        service.note("added", 5.0)
        self.services[name] = service
        return service

    def remove(self, service):
        """The caller has its lock."""
        target = self.parked / f"{service.name}-{time.monotonic_ns()}"
        service.path.rename(target)
        service.path = target
        service.is_gone = True
        service.note("removed", 8.0)
        del self.services[service.name]
        self.removed.append(service)

    def rename(self, service):
        self.made += 1
        del self.services[service.name]
        service.name = f"r{self.made:03}"
        target = self.directory / service.name
        service.path.rename(target)
        service.path = target
        service.note("renamed", 8.0)
        self.services[service.name] = service

    def replace(self, service):
        self.remove(service)
        self.add(service.name)

    # Kills.
    def kill(self, service, pid, what, limit=3.0):
        """By a descriptor that is known to be of this tree, so that no other process of that number is hit."""
        try:
            fd = os.pidfd_open(pid)
        except OSError:
            return False
        try:
            if not os.readlink(f"/proc/{pid}/cwd").startswith(str(self.directory.parent)):
                return False
            service.note(f"{what} (pid {pid})", limit)
            signal.pidfd_send_signal(fd, signal.SIGKILL)
            return True
        except OSError:
            return False
        finally:
            os.close(fd)

    def kill_runsvdir(self):
        for service in list(self.services.values()) + self.removed:
            service.note("KILL of runsvdir", 8.0 if service.is_gone else 5.0)
        if pid := self.runsvdir():
            os.kill(pid, signal.SIGKILL)

    def act(self, chance):
        """One act of whoever means no good."""
        service = self.services[chance.choice(sorted(self.services))]
        what = chance.choices(
            ("service", "log", "runsv", "both", "runsvdir", "add", "remove", "rename", "replace", "fill"),
            (30, 12, 25, 4, 2, 4, 4, 3, 3, 3))[0]
        with service.lock:
            if self.services.get(service.name) is service:
                self.act_on(service, what, chance)
                self.actions += 1

    def act_on(self, service, what, chance):
        if what == "service":
            self.kill(service, service.pid(), "KILL of ./run")
        elif what == "log":
            if service.has_log and self.kill(service, service.pid("log"), "KILL of log"):
                service.log_kills += 1
        elif what in ("runsv", "both"):
            runsv = self.runsv_of(service)
            if what == "both" and chance.random() < 0.5:
                self.kill(service, service.pid(), "KILL of ./run")
            if runsv:
                self.kill(service, runsv, "KILL of runsv", 5.0)
        elif what == "runsvdir":
            self.kill_runsvdir()
        elif what == "add" and len(self.services) < SERVICES + 5:
            self.add()
        elif what == "remove" and len(self.services) > SERVICES - 5:
            self.remove(service)
        elif what == "rename":
            self.rename(service)
        elif what == "replace":
            self.replace(service)
        elif what == "fill" and self.has_disk:
            self.fill_disk(chance.uniform(0.5, 3.0))

    def fill_disk(self, seconds):
        subprocess.run(["dd", "if=/dev/zero", f"of={self.log_disk}/fill", "bs=4k"], stderr=subprocess.DEVNULL, check=False)
        self.stopping.wait(seconds)
        (self.log_disk / "fill").unlink()

    def runsv_of(self, service):
        for pid, name in self.processes():
            if name == "runsv" and is_alive(pid, service.path):
                return pid
        return None

    @staticmethod
    def processes():
        for entry in os.listdir("/proc"):
            if entry.isdigit():
                try:
                    with open(f"/proc/{entry}/comm") as file:
                        yield int(entry), file.read().strip()
                except OSError:
                    pass

    # Threads.
    def disturb(self):
        chance = random.Random(f"{self.seed} disturb")
        while not self.stopping.wait(chance.expovariate(4.0)):
            self.act(chance)

    def command(self, number):
        chance = random.Random(f"{self.seed} client {number}")
        while not self.stopping.wait(chance.expovariate(1.5)):
            service = self.services.get(chance.choice(sorted(self.services)))
            verb = chance.choices(("up", "down", "restart", "term", "kill", "hup", "log"), (40, 20, 15, 8, 5, 2, 10))[0]
            if service and service.lock.acquire(blocking=False):
                try:
                    if self.services.get(service.name) is service:
                        self.tell(service, verb)
                        self.actions += 1
                finally:
                    service.lock.release()

    def tell(self, service, verb):
        if verb == "log" and not service.has_log:
            return
        path = service.path / "log" if verb == "log" else service.path
        word = "restart" if verb == "log" else verb
        if word in ("up", "down", "restart") and verb != "log":
            service.want = None
        service.note(f"sv {word} {path.name}")
        how = [f"{self.programs}/sv", "-w", "4", word, str(path)]
        done = subprocess.run(how, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, text=True)
        told = done.returncode == 0
        if verb in ("up", "restart", "down") and told:
            service.want = "down" if verb == "down" else "up"
        service.note(f"sv {word} {path.name}: {done.stdout.strip()[-90:]}")

    def clear(self):
        for pid, _ in list(self.processes()):
            try:
                if os.readlink(f"/proc/{pid}/cwd").startswith(str(self.scratch)):
                    os.kill(pid, signal.SIGKILL)
            except OSError:
                pass
        self.reaper.wait()
        if self.has_disk:
            subprocess.run(["umount", str(self.log_disk)], check=False)
