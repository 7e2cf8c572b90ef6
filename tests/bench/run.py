#!/usr/bin/env python3
"""run.py [BINARY]: what a check costs, each figure the median of several runs, beside `true` on the same machine.

    cargo build --release && python3 tests/bench/run.py

CPU time and memory are the kernel's own account of the finished process, its server included: bellwether is checked
against its own mock. Machines are noisy: compare the ratios, not the milliseconds.
"""
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BINARY = os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else os.path.join(ROOT, "target", "release", "bellwether")
RUNS = 21


def once(command, folder):
    """Wall and CPU seconds and peak memory in MiB of one run."""
    began = time.perf_counter()
    process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - began
    return process.returncode, wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def measure(label, command, folder, expected):
    """Prints the medians of several runs and gives the wall time."""
    runs = [once(command, folder) for _ in range(RUNS + 1)][1:]
    wrong = {code for code, *_ in runs} - {expected}
    if wrong:
        sys.exit(f"{label}: exit {wrong}, expected {expected}: {' '.join(command)}")
    wall, cpu, memory = (statistics.median(run[index] for run in runs) for index in (1, 2, 3))
    print(f"{label:<44} {wall * 1e3:8.2f} ms wall {cpu * 1e3:8.2f} ms cpu {memory:7.1f} MiB")
    return wall


def tools(count, version):
    """A surface of many slim tools, of which every hundredth differs between versions."""
    items = []
    for number in range(count):
        changed = version == 2 and number % 100 == 0
        properties = {"id": {"type": "string"}, "limit": {"type": "integer", "maximum": 20 if changed else 10}}
        schema = {"type": "object", "properties": properties, "required": ["id"]}
        items.append({"name": f"tool_{number}", "description": f"Does the thing number {number}.", "inputSchema": schema})
    return {"tools": items}


def main():
    size = os.path.getsize(BINARY)
    print(f"{BINARY}: {size / 1e6:.2f} MB, {os.cpu_count()} processors, {RUNS} runs each")
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with tempfile.TemporaryDirectory() as folder:
        os.mkdir(os.path.join(folder, ".git"))
        true = measure("true", ["true"], folder, 0)
        version = measure("bellwether --version", [BINARY, "--version"], folder, 0)
        print(f"{'':<44} {version / true:8.2f} × true")

        surface = os.path.join(ROOT, "fixtures", "demo", "approved.json")
        server = [BINARY, "mock", surface]
        measure("baseline save (mock, stdio)", [BINARY, "baseline", "save", "--refresh", *server], folder, 0)
        check = measure("check (mock, stdio)", [BINARY, "check", *server], folder, 0)
        print(f"{'':<44} {check / true:8.2f} × true")

        for count in (100, 1000, 10000):
            for version in (1, 2):
                with open(os.path.join(folder, f"{version}.json"), "w", encoding="utf-8") as file:
                    json.dump(tools(count, version), file)
            measure(f"diff of two surfaces of {count} tools", [BINARY, "diff", "1.json", "2.json"], folder, 1)


main()
