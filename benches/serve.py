#!/usr/bin/env python3
"""How long `huibian serve` takes from a saved report to its new page.

    serve.py HUIBIAN ROOT [TIMES]

ROOT is an archive of text files; of one of them a line is changed TIMES times (default 5), and then it is put back. For each: milliseconds until the
server tells open pages to load again, and until the page with the new line has been fetched. A browser's own time, about 200 ms here, is
not in it.
"""
import json
import pathlib
import re
import statistics
import subprocess
import sys
import time
import urllib.parse
import urllib.request

huibian, root, times = sys.argv[1], pathlib.Path(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 5
reports = sorted((root / "content").rglob("*.txt"))
report = reports[len(reports) // 2]
whole = report.read_bytes()
lines = whole.decode("utf-8").split("\n")
server = subprocess.Popen([huibian, "--root", root, "serve", "--port", "0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
try:
    started = time.monotonic()
    address = re.search(r"http://\S+/", server.stdout.readline()).group()
    print(f"{len(reports)} reports, first build: {time.monotonic() - started:.2f} s")
    page = f"{address}reports/{urllib.parse.quote(report.stem.lower())}/"
    events = urllib.request.urlopen(f"{address}_huibian/events")

    def version():
        """Of the next event."""
        for line in events:
            if line.startswith(b"data:"):
                return json.loads(line[5:])["version"]
        sys.exit("the server has closed the line")

    known = version()
    told, fetched = [], []
    for i in range(times):
        # A file that has changed within the last two seconds is read whatever its times are.
        time.sleep(3)
        new = f"第{i}次改动的一行。"
        changed = lines[: len(lines) // 2] + [new] + lines[len(lines) // 2 :]
        saved = time.monotonic()
        report.write_bytes("\n".join(changed).encode("utf-8"))
        while True:
            while (now := version()) == known:
                pass
            known = now
            told.append(1000 * (time.monotonic() - saved))
            if new in urllib.request.urlopen(page).read().decode("utf-8"):
                fetched.append(1000 * (time.monotonic() - saved))
                break
            told.pop()
    print("told, ms:   ", *(f"{ms:.0f}" for ms in told), f" median {statistics.median(told):.0f}")
    print("fetched, ms:", *(f"{ms:.0f}" for ms in fetched), f" median {statistics.median(fetched):.0f}")
finally:
    server.terminate()
    report.write_bytes(whole)
