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
    text = {"type": "string"}
    nested = [{"type": "string", "maxLength": most} for most in (10, 9)]
    for number in range(200):
        nested = [{"anyOf": [{"type": "array", "items": schema, "maxItems": number}, {"type": "null"}]} for schema in nested]
    words = [f"value {number}" for number in range(10000)]

    def named(count, schema=text):
        return {f"p{number}": schema for number in range(count)}

    def branches(keyword, count, least=0, **more):
        return {keyword: [{"properties": {"kind": {"const": f"k{number}"}, "a": {"minimum": number + least}}, "required": ["kind"], **more} for number in range(count)]}

    def needing(keyword, names):
        return {keyword: [{"required": [name]} for name in names]}

    def defined(count, most, chained=False):
        last = {"type": "string", "maxLength": most}
        definitions = {f"d{number}": {"$ref": f"#/$defs/d{number + 1}"} if chained and number < count - 1 else last for number in range(count)}
        uses = {"p": {"$ref": "#/$defs/d0"}} if chained else {f"p{number}": {"$ref": f"#/$defs/d{number}"} for number in range(count)}
        return {"type": "object", "properties": uses, "$defs": definitions}

    def identified(count, most):
        return {"$defs": {f"d{number}": {"$id": f"https://example.com/{number}", "type": "string"} for number in range(count)}, "maxLength": most}

    def large(most, description="x" * 400):
        inner = {"type": "object", "description": description, "properties": {"a": text, "b": {"enum": ["u", "v", "w"]}, "c": {"maximum": most}}, "required": ["a"]}
        return {"type": "object", "properties": named(9000, inner)}

    names = list(named(2000))
    return {
        "10,000 listed values": [{"enum": words}, {"enum": words[1:]}],
        "10,000 listed values, one more": [{"enum": words[1:]}, {"enum": words}],
        "2,000 properties": [{"properties": named(2000), "required": names}, {"required": names[1:]}],
        "2,000 properties, none lost": [{"properties": named(2000), "required": names}, {"properties": named(2000), "required": names[1:]}],
        "a large automaton": [{"pattern": "(a|b)*a(a|b){12}"}, {"pattern": "(a|b)*a(a|b){11}$"}],
        "anyOf nested 200 deep": nested,
        "200 alternatives": [needing("oneOf", names[:200]), needing("anyOf", names[1:200])],
        "3,000 alternatives of anyOf": [branches("anyOf", 3000), branches("anyOf", 3000, least=1)],
        "3,000 alternatives of oneOf": [branches("oneOf", 3000), branches("oneOf", 3000, least=1)],
        "3,000 alternatives of oneOf, one less": [branches("oneOf", 3000), branches("oneOf", 2999)],
        "3,000 alternatives of oneOf without a tag": [needing("oneOf", list(named(3000))), needing("oneOf", list(named(2999)))],
        "3,000 alternatives of oneOf that are alike": [{"oneOf": [{"minimum": number} for number in range(3000)]}, {"oneOf": [{"minimum": number} for number in range(1, 3001)]}],
        "5,000 definitions": [defined(5000, 10), defined(5000, 9)],
        "5,000 definitions in a chain": [defined(5000, 10, chained=True), defined(5000, 9, chained=True)],
        "40,000 identifiers": [identified(40000, 10), identified(40000, 9)],
        "5 MB, all properties narrowed": [large(10), large(9)],
        "5 MB, another description": [large(10), large(10, "y" * 400)],
        "200,000 properties": [{"properties": named(200000)}, {"properties": named(200000, {"type": ["string", "null"]})}],
        "200,000 properties, one lost": [{"properties": named(200000)}, {"properties": named(199999)}],
        "200,000 required": [{"required": list(named(200000))}, {"required": list(named(199999))}],
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
