#!/usr/bin/env python3
"""Kills bellwether at random moments while it writes, and looks at what is left.

    tests/bench/kill.py [BINARY] [TIMES]

It saves two surfaces over each other, 500 times by default, and sends SIGKILL after a delay that nobody can foresee:
half of the times anywhere, half of the times from when a temporary file is there.
Afterwards the file must be the one or the other, `baseline verify` content, and no temporary file left but the last.
"""

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time

BASELINE = ".bellwether/bellwether-baseline.json"


def capture(version):
    tools = [
        {
            "name": f"tool_{number}",
            "description": f"Does the {number}th thing, version {version}.",
            "inputSchema": {"type": "object", "properties": {"a": {"type": "string"}}},
        }
        for number in range(400)
    ]
    return {"tools": tools}


def main():
    binary = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else "target/release/bellwether")
    times = int(sys.argv[2]) if len(sys.argv) > 2 else 500
    with tempfile.TemporaryDirectory() as folder:
        os.mkdir(os.path.join(folder, ".git"))

        def start(*args):
            command = [binary, *args]
            return subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

        def save(version):
            return start("baseline", "save", "--force", "--from", f"{version}.json")

        def held():
            with open(os.path.join(folder, BASELINE), "rb") as file:
                return file.read()

        def temporary():
            return [name for name in os.listdir(os.path.join(folder, ".bellwether")) if name.endswith(".tmp")]

        texts = []
        for version in (1, 2):
            with open(os.path.join(folder, f"{version}.json"), "w") as file:
                json.dump(capture(version), file)
            begin = time.monotonic()
            assert save(version).wait() == 0, "a save that nobody kills succeeds"
            longest = (time.monotonic() - begin) * 1.1
            texts.append(held())
        old = new = left = 0
        for number in range(times):
            before = held()
            child = save(1 if before == texts[1] else 2)
            if number % 4 < 2:
                time.sleep(random.uniform(0, longest))
            else:  # in the midst of the writing
                known = temporary()
                while child.poll() is None and temporary() == known:
                    pass
                time.sleep(random.uniform(0, 0.002))
            child.send_signal(signal.SIGKILL)
            child.wait()
            now = held()
            assert now in texts, f"kill {number}: neither the old file nor the new one"
            assert start("baseline", "verify").wait() == 0, f"kill {number}: verify is not content"
            assert len(temporary()) <= 1, f"kill {number}: temporary files pile up: {temporary()}"
            old, new, left = old + (now == before), new + (now != before), left + len(temporary())
        assert save(1).wait() == 0 and save(2).wait() == 0
        assert not temporary(), temporary()
        print(f"{times} kills: {old} left the old file, {new} the new one; {left} left a temporary file, all of them gone now")


main()
