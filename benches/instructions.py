#!/usr/bin/env python3
"""Compares the instructions of some functions, as callgrind_annotate lists them, with those on record.

    instructions.py LISTED RECORD [--record]

RECORD has a line for each stage: its name, a tab, millions of instructions.
"""
import re
import sys

# A stage and the function that is all of it.
STAGES = {
    "all": "PROGRAM TOTALS",
    "understanding an upload": "huibian::pipeline::understand",
    "words and quantities": "huibian::insight::digest::Digest::of",
    "shared passages": "huibian::insight::reuse::reuse",
    "gathering a page": "huibian::site::render::prepare",
    "rendering a page": "huibian::site::render::Prepared::render",
    "the search index": "huibian::search::rebuild",
}
MORE = 1.05

listed, record = sys.argv[1:3]
counts = {}
for line in open(listed, encoding="utf-8"):
    found = re.match(r"\s*([\d,]+) \([ \d.]+%\)\s+(.*)", line)
    if not found:
        continue
    name = found[2].split(" [")[0].strip()  # after the source's name and a colon, where it has one
    for stage, function in STAGES.items():
        if name == function or name.endswith(f":{function}"):
            counts[stage] = max(counts.get(stage, 0), int(found[1].replace(",", "")) / 1e6)
missing = [stage for stage in STAGES if stage not in counts]
if missing:
    sys.exit(f"not in the list, perhaps inlined or renamed: {', '.join(missing)}")
if "--record" in sys.argv:
    with open(record, "w", encoding="utf-8") as out:
        out.writelines(f"{stage}\t{counts[stage]:.0f}\n" for stage in STAGES)
before = {}
for line in open(record, encoding="utf-8"):
    stage, count = line.rstrip("\n").split("\t")
    before[stage] = float(count)
print("| stage | million instructions | on record | |\n| --- | --- | --- | --- |")
for stage in STAGES:
    print(f"| {stage} | {counts[stage]:.0f} | {before[stage]:.0f} | {counts[stage] / before[stage] - 1:+.1%} |")
slower = [stage for stage in STAGES if counts[stage] > before[stage] * MORE]
if slower:
    sys.exit(f"over {MORE - 1:.0%} more than on record: {', '.join(slower)}; `benches/instructions.sh --record` if it must be so")
