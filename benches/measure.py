#!/usr/bin/env python3
"""Runs a command some times and prints the medians: wall seconds, CPU seconds, peak memory in MiB.

    measure.py [--runs N] [--before COMMAND] COMMAND...

COMMAND is run whole, with all its children. `--before` is a shell command that is run, unmeasured, before each run.
"""
import argparse
import os
import resource
import statistics
import subprocess
import sys
import time

arguments = argparse.ArgumentParser()
arguments.add_argument("--runs", type=int, default=3)
arguments.add_argument("--before", default="")
arguments.add_argument("command", nargs=argparse.REMAINDER)
options = arguments.parse_args()

walls, cpus, peaks = [], [], []
for _ in range(options.runs):
    if options.before:
        subprocess.run(options.before, shell=True, check=True, stdout=subprocess.DEVNULL)
    # A process of its own for each run: the peak of all children is remembered for good.
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        started = time.monotonic()
        status = subprocess.run(options.command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        wall = time.monotonic() - started
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        if status.returncode != 0:
            sys.stderr.write(status.stderr.decode(errors="replace"))
            os._exit(1)
        os.write(writer, f"{wall} {used.ru_utime + used.ru_stime} {used.ru_maxrss / 1024}".encode())
        os._exit(0)
    os.close(writer)
    _, status = os.waitpid(child, 0)
    if status != 0:
        sys.exit(f"failed: {' '.join(options.command)}")
    wall, cpu, peak = map(float, os.read(reader, 200).split())
    os.close(reader)
    walls.append(wall)
    cpus.append(cpu)
    peaks.append(peak)
print(f"{statistics.median(walls):.3f} {statistics.median(cpus):.3f} {statistics.median(peaks):.0f}")
