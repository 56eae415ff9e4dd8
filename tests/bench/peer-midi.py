#!/usr/bin/env python3
"""Reads .mid files below a folder with mido, from memory, as bench-midi does with ours.

peer-midi.py FOLDER [EVERY] [BENCH-MIDI]

EVERY = n takes every n-th file (mido is slow). With the path of bench-midi, both run one after the other
over the same files and the ratio is printed.
"""

import io
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

import mido

folder = pathlib.Path(sys.argv[1])
every = int(sys.argv[2]) if len(sys.argv) > 2 else 1
bench = sys.argv[3] if len(sys.argv) > 3 else None

paths = sorted(folder.rglob("*.mid"))[::every]
files = [path.read_bytes() for path in paths]
refused = notes = 0

start = time.process_time()
for data in files:
    try:
        piece = mido.MidiFile(file=io.BytesIO(data))
    except Exception:  # whatever it refuses it with
        refused += 1
        continue
    for track in piece.tracks:
        notes += sum(m.type == "note_on" and m.velocity > 0 for m in track)
seconds = time.process_time() - start

size = sum(map(len, files)) / 1e6
print(f"mido: {len(files)} files, {refused} refused, {size:.2f} MB, {notes} notes: {seconds:.2f} s of CPU; "
      f"{len(files) / seconds:.0f} files/s, {size / seconds:.2f} MB/s, {notes / 1e6 / seconds:.3f} M notes/s")

if bench:
    with tempfile.TemporaryDirectory() as same:
        for i, path in enumerate(paths):
            shutil.copy(path, f"{same}/{i}.mid")
        said = subprocess.run([bench, same], capture_output=True, text=True, check=True).stdout
    print("ours:", said, end="")
    print(f"ratio: {seconds / float(re.search(r'([0-9.]+) s of CPU', said)[1]):.0f}")
