#!/usr/bin/env python3
"""Kills bellwether at random moments while it writes, and looks at what is left.

    tests/bench/kill.py [BINARY] [TIMES]

It saves, accepts, restores and merges in turn, 500 times by default, and sends SIGKILL after a delay that nobody can
foresee: half of the times anywhere, half of the times from when a temporary file is there, some of them at once, so
that the file is on its way to the disk. Afterwards the file must be the old one or hold what was to be written,
`baseline verify --strict` content, and no temporary file left but the last. Every tenth time a check is killed as well:
what it leaves of `last-check.json` must be usable, or gone.
"""

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time

FOLDER = ".bellwether"
BASELINE = f"{FOLDER}/bellwether-baseline.json"
LAST_CHECK = f"{FOLDER}/last-check.json"
WHO = ["--accepted-by", "Ada"]


def capture(version, changed=()):
    tools = [
        {
            "name": f"tool_{number}",
            "description": f"Does the {number}th thing, version {2 if number in changed else version}.",
            "inputSchema": {"type": "object", "properties": {"a": {"type": "string"}}},
        }
        for number in range(400)
    ]
    return {"tools": tools}


class Project:
    """A folder with a baseline, a check of another surface, and two branches of a baseline."""

    def __init__(self, binary, folder):
        self.binary, self.folder = binary, folder
        os.mkdir(os.path.join(folder, ".git"))
        captures = {
            "one": capture(1),
            "two": capture(2),
            "ours": capture(1, range(10)),
            "theirs": capture(1, range(300, 310)),
        }
        for name, value in captures.items():
            self.write(f"{name}.json", json.dumps(value).encode())
        self.write("bellwether.yaml", b"server: { mock: two.json }\n")
        for name in ("one", "ours", "theirs"):
            self.run("baseline", "save", "--from", f"{name}.json", "--baseline", f"{FOLDER}/{name}.json")
        self.run("baseline", "save", "--from", "one.json")
        self.start("check").wait()
        self.base = self.read(BASELINE)
        self.checked = self.read(LAST_CHECK)
        accept = ["baseline", "accept", "--reason", "meant so", "--force", *WHO]
        self.run(*accept)
        self.accepted = self.read(BASELINE)
        merge = ["baseline", "merge", *(f"{FOLDER}/{name}.json" for name in ("one", "ours", "theirs")), *WHO]
        # What each kind of writing begins with, and the file that it changes.
        self.kinds = {
            "save": (BASELINE, self.base, ["baseline", "save", "--force", "--from", "two.json"]),
            "accept": (BASELINE, self.base, accept),
            "restore": (BASELINE, self.accepted, ["baseline", "restore", "0", "--reason", "not so", *WHO]),
            "merge": (f"{FOLDER}/ours.json", self.read(f"{FOLDER}/ours.json"), merge),
        }
        self.expected, self.longest = {}, {}
        for kind, (path, before, command) in self.kinds.items():
            self.begin(kind)
            begin = time.monotonic()
            self.run(*command)
            self.longest[kind] = (time.monotonic() - begin) * 1.1
            self.expected[kind] = json.loads(self.read(path))["digest"]
            assert self.expected[kind] != json.loads(before)["digest"], kind

    def read(self, name):
        with open(os.path.join(self.folder, name), "rb") as file:
            return file.read()

    def write(self, name, value):
        with open(os.path.join(self.folder, name), "wb") as file:
            file.write(value)

    def begin(self, kind):
        path, before, _ = self.kinds[kind]
        self.write(path, before)
        self.write(LAST_CHECK, self.checked)

    def start(self, *args):
        command = [self.binary, *args]
        null = subprocess.DEVNULL
        return subprocess.Popen(command, cwd=self.folder, stdin=null, stdout=null, stderr=null)

    def run(self, *args):
        assert self.start(*args).wait() == 0, args

    def temporary(self):
        return [name for name in os.listdir(os.path.join(self.folder, FOLDER)) if name.endswith(".tmp")]

    def kill(self, command, longest, number):
        known = self.temporary()
        child = self.start(*command)
        if number % 4 < 2:
            time.sleep(random.uniform(0, longest))
        else:  # in the midst of the writing
            while child.poll() is None and self.temporary() == known:
                pass
            if number % 4 == 2:
                time.sleep(random.uniform(0, 0.002))
        child.send_signal(signal.SIGKILL)
        child.wait()


def main():
    binary = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else "target/release/bellwether")
    times = int(sys.argv[2]) if len(sys.argv) > 2 else 500
    with tempfile.TemporaryDirectory() as folder:
        project = Project(binary, folder)
        told = {kind: [0, 0] for kind in project.kinds}
        left = 0
        for number in range(times):
            kind = list(project.kinds)[number // 4 % len(project.kinds)]
            path, before, command = project.kinds[kind]
            project.begin(kind)
            project.kill(command, project.longest[kind], number)
            now = project.read(path)
            is_new = now != before
            told[kind][is_new] += 1
            if is_new:
                digest = json.loads(now)["digest"]
                assert digest == project.expected[kind], f"kill {number}: {kind} wrote something else"
            strict = [] if kind == "save" else ["--strict"]
            verified = project.start("baseline", "verify", *strict, path).wait()
            assert verified == 0, f"kill {number}: verify is not content with what {kind} left"
            temporary = project.temporary()
            assert len(temporary) <= 1, f"kill {number}: temporary files pile up: {temporary}"
            left += len(temporary)
            if number % 10 == 0:
                os.remove(os.path.join(folder, LAST_CHECK))
                project.write(BASELINE, project.base)
                project.kill(["check"], project.longest["save"], number // 10)
                if os.path.exists(os.path.join(folder, LAST_CHECK)):
                    project.run("baseline", "accept", "--reason", "meant so", "--force", "--dry-run", *WHO)
        for kind in project.kinds:
            project.begin(kind)
            project.run(*project.kinds[kind][2])
        assert not project.temporary(), project.temporary()
        counts = ", ".join(f"{kind}: {old} old and {new} new" for kind, (old, new) in told.items())
        print(f"{times} kills ({counts}); {left} left a temporary file, all of them gone now")


main()
