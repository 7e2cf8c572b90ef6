#!/usr/bin/env python3
"""run.py [BINARY]: what a check and a diff cost, each figure the median of several runs, beside `true` on the same
machine, what hard questions about schemas cost, and how a diff grows from 1,000 tools to 10,000.

    cargo build --release && python3 tests/bench/run.py

CPU time and memory are the kernel's own account of the finished process, its server included: bellwether is checked
against its own mock. A process begins as a copy of this script, so memory below that of `true` does not show. Machines
are noisy: compare the ratios, not the milliseconds.
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
    """Prints the medians of several runs and gives the wall time and the CPU time."""
    runs = [once(command, folder) for _ in range(RUNS + 1)][1:]
    wrong = {code for code, *_ in runs} - (expected if isinstance(expected, set) else {expected})
    if wrong:
        sys.exit(f"{label}: exit {wrong}, expected {expected}: {' '.join(command)}")
    wall, cpu, memory = (statistics.median(run[index] for run in runs) for index in (1, 2, 3))
    print(f"{label:<44} {wall * 1e3:8.2f} ms wall {cpu * 1e3:8.2f} ms cpu {memory:7.1f} MiB")
    return wall, cpu


# Of NEW, every how many tools differ from those of OLD; none where it is 0.
CASES = {"equal": 0, "every hundredth changed": 100, "all changed": 1}


def tools(count, every):
    """A surface of many slim tools, of which some have another limit."""
    items = []
    for number in range(count):
        changed = every and number % every == 0
        properties = {"id": {"type": "string"}, "limit": {"type": "integer", "maximum": 20 if changed else 10}}
        schema = {"type": "object", "properties": properties, "required": ["id"]}
        items.append({"name": f"tool_{number}", "description": f"Does the thing number {number}.", "inputSchema": schema})
    return {"tools": items}


def hard_questions():
    """Pairs of schemas that are expensive to compare, by name."""
    names = [f"p{number}" for number in range(2000)]
    text = {"type": "string"}
    nested = [{"type": "string", "maxLength": most} for most in (10, 9)]
    for number in range(200):
        nested = [{"anyOf": [{"type": "array", "items": schema, "maxItems": number}, {"type": "null"}]} for schema in nested]
    words = [f"value {number}" for number in range(10000)]
    return {
        "10,000 listed values": [{"enum": words}, {"enum": words[1:]}],
        "2,000 properties": [{"properties": {name: text for name in names}, "required": names}, {"required": names[1:]}],
        "a large automaton": [{"pattern": "(a|b)*a(a|b){12}"}, {"pattern": "(a|b)*a(a|b){11}$"}],
        "anyOf nested 200 deep": nested,
        "200 alternatives": [{"oneOf": [{"required": [name]} for name in names[:200]]}, {"anyOf": [{"required": [name]} for name in names[1:200]]}],
    }


def main():
    size = os.path.getsize(BINARY)
    print(f"{BINARY}: {size / 1e6:.2f} MB, {os.cpu_count()} processors, {RUNS} runs each")
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with tempfile.TemporaryDirectory() as folder:
        os.mkdir(os.path.join(folder, ".git"))
        true, _ = measure("true", ["true"], folder, 0)
        version, _ = measure("bellwether --version", [BINARY, "--version"], folder, 0)
        print(f"{'':<44} {version / true:8.2f} × true")

        surface = os.path.join(ROOT, "fixtures", "demo", "approved.json")
        server = [BINARY, "mock", surface]
        measure("baseline save (mock, stdio)", [BINARY, "baseline", "save", "--refresh", *server], folder, 0)
        check, _ = measure("check (mock, stdio)", [BINARY, "check", *server], folder, 0)
        print(f"{'':<44} {check / true:8.2f} × true")

        for case, schemas in hard_questions().items():
            for name, schema in zip(("old", "new"), schemas):
                with open(os.path.join(folder, f"{name}.json"), "w", encoding="utf-8") as file:
                    json.dump(schema, file)
            question = [BINARY, "compat", "old.json", "new.json", "--direction", "input"]
            wall, _ = measure(f"compat, {case}", question, folder, {0, 2, 3})
            print(f"{'':<44} {(wall - version) * 1e3:8.2f} ms more than --version")

        for case, every in CASES.items():
            cost = {count: diff(folder, case, count, every) for count in (1000, 10000)}
            wall, cpu = (large / small for small, large in zip(cost[1000], cost[10000]))
            print(f"{'':<44} {wall:8.2f} × wall {cpu:11.2f} × cpu for 10 × the tools")


def diff(folder, case, count, every):
    """The cost of comparing two surfaces of so many tools."""
    for name, changed in (("old", 0), ("new", every)):
        with open(os.path.join(folder, f"{name}.json"), "w", encoding="utf-8") as file:
            json.dump(tools(count, changed), file)
    return measure(f"diff, {count} tools, {case}", [BINARY, "diff", "old.json", "new.json"], folder, 1 if every else 0)


main()
