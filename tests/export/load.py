"""Loads an export into search engines and prints how many reports hold each query, word for word.

usage: load.py FOLDER QUERY...

FOLDER holds documents.ndjson, bulk.ndjson, mapping.json and settings.json. documents.ndjson goes into SQLite's FTS5, which Python brings
along; bulk.ndjson and mapping.json into Lucene, where that is installed (`lucene.py`): `HUIBIAN_REQUIRE_LUCENE` asks for it. All engines must
find the same. Where the package `jsonschema` is installed, all files are validated against the schemas beside this one first;
`HUIBIAN_REQUIRE_SCHEMA` asks for it.
"""

import json
import os
import sqlite3
import sys
from pathlib import Path

import lucene


def lines(name):
    return [json.loads(line) for line in (folder / name).open(encoding="utf-8")]


def whole(name):
    return json.loads((folder / name).read_text(encoding="utf-8"))


def validate():
    try:
        import jsonschema
    except ImportError:
        if os.environ.get("HUIBIAN_REQUIRE_SCHEMA"):
            sys.exit("the package jsonschema is missing")
        return
    for name, values in [
        ("document", documents),
        ("bulk", bulk),
        ("opensearch", [mapping]),
        ("meilisearch", [whole("settings.json")]),
    ]:
        schema = json.loads((Path(__file__).parent / f"{name}.schema.json").read_text(encoding="utf-8"))
        validator = jsonschema.Draft202012Validator(schema)
        for value in values:
            validator.validate(value)


def in_sqlite():
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE reports USING fts5(id UNINDEXED, title, text, tokenize = 'trigram')")
    rows = [(one["id"], one["title"], one["text"]) for one in documents if one["type"] == "report"]
    database.executemany("INSERT INTO reports VALUES (?, ?, ?)", rows)
    count = "SELECT count(*) FROM reports WHERE reports MATCH ?"
    return [database.execute(count, ('"' + query + '"',)).fetchone()[0] for query in queries]


def in_lucene():
    index = lucene.load(mapping, bulk)
    reports = index.term("type", "report")
    expect("documents", index.count(reports), sum(one["type"] == "report" for one in documents))
    # What a reader narrows a search by.
    for field in ("type", "level", "kind", "region", "region_path", "region_codes", "themes", "report"):
        for value in {value for one in documents for value in as_list(one.get(field))}:
            held = sum(value in as_list(one.get(field)) for one in documents)
            expect(f"{field} {value}", index.count(index.term(field, value)), held)
    for one in documents:
        expect(one["title"], index.count(index.term("title.keyword", one["title"]), index.term("_id", one["id"])), 1)
    years = [one["year"] for one in documents if "year" in one]
    for year in set(years):
        expect(f"since {year}", index.count(index.between("year", year, 9999)), sum(at >= year for at in years))
    return [index.count(reports, index.phrase(query, "title", "text")) for query in queries]


def as_list(value):
    return value if isinstance(value, list) else [] if value is None else [value]


def expect(what, found, expected):
    if found != expected:
        sys.exit(f"{what}: Lucene finds {found}, not {expected}")


folder, queries = Path(sys.argv[1]), sys.argv[2:]
documents, bulk, mapping = lines("documents.ndjson"), lines("bulk.ndjson"), whole("mapping.json")
validate()
totals = in_sqlite()
try:
    for query, found, expected in zip(queries, in_lucene(), totals, strict=True):
        expect(query, found, expected)
except lucene.Missing as missing:
    if os.environ.get("HUIBIAN_REQUIRE_LUCENE"):
        sys.exit(f"missing: {missing}")
print(json.dumps(totals))
