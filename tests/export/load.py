"""Loads an export into SQLite's FTS5 and prints how many reports hold each query, word for word.

usage: load.py FOLDER QUERY...

FOLDER holds documents.ndjson, bulk.ndjson, mapping.json and settings.json. Where the package `jsonschema` is
installed, all of them are validated against the schemas beside this file first; `HUIBIAN_REQUIRE_SCHEMA` asks for it.
"""

import json
import os
import sqlite3
import sys
from pathlib import Path

folder, queries = Path(sys.argv[1]), sys.argv[2:]
documents = [json.loads(line) for line in (folder / "documents.ndjson").open(encoding="utf-8")]

try:
    import jsonschema
except ImportError:
    if os.environ.get("HUIBIAN_REQUIRE_SCHEMA"):
        sys.exit("the package jsonschema is missing")
else:
    schemas = Path(__file__).parent

    def check(name, values):
        schema = json.loads((schemas / f"{name}.schema.json").read_text(encoding="utf-8"))
        validator = jsonschema.Draft202012Validator(schema)
        for value in values:
            validator.validate(value)

    check("document", documents)
    check("bulk", [json.loads(line) for line in (folder / "bulk.ndjson").open(encoding="utf-8")])
    check("opensearch", [json.loads((folder / "mapping.json").read_text(encoding="utf-8"))])
    check("meilisearch", [json.loads((folder / "settings.json").read_text(encoding="utf-8"))])

database = sqlite3.connect(":memory:")
database.execute("CREATE VIRTUAL TABLE reports USING fts5(id UNINDEXED, title, text, tokenize = 'trigram')")
rows = [(one["id"], one["title"], one["text"]) for one in documents if one["type"] == "report"]
database.executemany("INSERT INTO reports VALUES (?, ?, ?)", rows)
count = "SELECT count(*) FROM reports WHERE reports MATCH ?"
print(json.dumps([database.execute(count, ('"' + query + '"',)).fetchone()[0] for query in queries]))
