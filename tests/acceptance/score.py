#!/usr/bin/env python3
"""Holds huibian to its accuracy on real reports with hand-checked labels.

    score.py --huibian BINARY --corpus DIR [--scorer FILE]

DIR holds `*.txt` with `*.gold.json`, `encodings/` with one text in several encodings, and `reports/`. The scorer
(default: DIR/../tools/score.py) compares `huibian inspect --json` with a gold file. All gold files count together.
Also: one text reads alike in all encodings, and a site is built from the whole folder.
Prints each figure beside its bound; exit status 1 when one is missed. Standard library only.
"""
import argparse
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

# The figure, what the scorer calls it, and the least that is accepted.
AT_LEAST = [
    ("compilation boundaries, F1", "boundaries", 1.000),
    ("titles exact, F1", "titles", 1.000),
    ("headings (depth and text), F1", "headings", 0.995),
    ("region code, F1", "region_code", 1.000),
    ("level, F1", "level", 1.000),
    ("kind, F1", "kind", 1.000),
]
JOINS_MISSED = 0.005
THEME_MACRO_F1 = 0.85
THEME_ANY_OF_TWO = 0.99
THEME_LARGE_CLASSES = 0.97


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--huibian", required=True, type=lambda p: str(pathlib.Path(p).resolve()))
    arguments.add_argument("--corpus", required=True, type=lambda p: pathlib.Path(p).resolve())
    arguments.add_argument("--scorer", type=pathlib.Path)
    given = arguments.parse_args()
    scorer = given.scorer or given.corpus.parent / "tools" / "score.py"

    with tempfile.TemporaryDirectory(prefix="huibian-acceptance-") as root:
        root = pathlib.Path(root)
        (root / "config.toml").write_text("")
        shutil.copytree(given.corpus, root / "content", ignore=lambda _, names: [n for n in names if n.endswith((".json", ".md"))])
        rows = accuracy(given, scorer, root) + encodings(given, root) + build(given, root)

    width = max(len(name) for name, _, _ in rows)
    for name, figure, reached in rows:
        print(f"  {'ok  ' if reached else 'MISS'} {name:<{width}}  {figure}")
    if not all(reached for _, _, reached in rows):
        sys.exit("acceptance: not reached")


def accuracy(given, scorer, root):
    scores = []
    for gold in sorted(given.corpus.glob("*.gold.json")):
        source = root / "content" / gold.name.replace(".gold.json", ".txt")
        result = root / "result.json"
        result.write_bytes(run(given, root, "inspect", "--json", str(source)))
        printed = subprocess.run([sys.executable, scorer, gold, result, "--json"], check=True, capture_output=True).stdout
        scores.append(json.loads(printed))

    rows = []
    for name, key, bound in AT_LEAST:
        correct, found, wanted = (sum(score[key][part] for score in scores) for part in ("correct", "found", "gold"))
        f1 = 2 * correct / (found + wanted) if found + wanted else 1.0
        rows.append((name, f"{f1:.4f} (at least {bound})", f1 >= bound))
    joins = [score["joins"] for score in scores]
    wrong = sum(join["wrong_merges"] for join in joins)
    missed = sum(join["missed_merges"] for join in joins) / max(1, sum(join["gold"] for join in joins))
    rows.append(("paragraph joins wrong", f"{wrong} (at most 0)", wrong == 0))
    rows.append(("paragraph joins missed", f"{missed:.4f} (at most {JOINS_MISSED})", missed <= JOINS_MISSED))
    return rows + themes(scores)


def themes(scores):
    # Only the compilation has enough sections for figures by class.
    score = max((score["section_themes"] for score in scores), key=lambda score: score["sections"])
    classes = [row for row in score["per_theme"].values() if row["gold"] >= 3]
    macro = sum(row["f1"] for row in classes) / len(classes)
    large = sorted(classes, key=lambda row: -row["gold"])[:4]
    primary = sum(row["correct"] for row in large) / sum(row["gold"] for row in large)
    either = score["any_of_two"]
    return [
        ("section themes, macro F1", f"{macro:.4f} (at least {THEME_MACRO_F1})", macro >= THEME_MACRO_F1),
        ("section themes, four large classes", f"{primary:.4f} (at least {THEME_LARGE_CLASSES})", primary >= THEME_LARGE_CLASSES),
        ("section themes, first is one of two", f"{either:.4f} (at least {THEME_ANY_OF_TWO})", either >= THEME_ANY_OF_TWO),
    ]


def encodings(given, root):
    files = sorted((root / "content" / "encodings").glob("*.txt"))
    if not files:
        return []
    sources = json.loads(run(given, root, "inspect", "--json", *map(str, files)))["sources"]
    # GBK has no U+2022: that file has U+00B7 in its place.
    texts = {json.dumps(source["reports"], ensure_ascii=False, sort_keys=True).replace("•", "·") for source in sources}
    alike = len(sources) == len(files) and len(texts) == 1
    return [("one text in all encodings", f"{len(files)} files, {len(texts)} reading(s)", alike)]


def build(given, root):
    figures = json.loads(run(given, root, "build", "--stats", "json"))
    uploads = sum(1 for path in (root / "content").rglob("*.txt"))
    whole = figures["sources"] == uploads and not figures["errors"]
    return [("site of the whole folder", f"{figures['sources']} sources, {figures['reports']} reports, {figures['pages']} pages, "
             f"{figures['seconds']['total']:.1f} s", whole)]


def run(given, root, *arguments):
    done = subprocess.run([given.huibian, "--root", str(root), *arguments], capture_output=True)
    if done.returncode:
        sys.stderr.buffer.write(done.stderr)
        sys.exit(f"huibian {arguments[0]} ended with status {done.returncode}")
    return done.stdout


if __name__ == "__main__":
    main()
