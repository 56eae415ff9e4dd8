#!/usr/bin/env python3
"""Renders a dense piece with ours and with the fluidsynth program in turn, and a long one to FLAC.

peer-render.py ARIETTA-CLI [TURNS]

Wall-clock seconds, medians; the ratio is fluidsynth's to ours. Both have reverb and chorus and the same SoundFont,
TimGM6mb. The FLAC is of five minutes in four tracks.
"""

import os
import pathlib
import statistics
import struct
import subprocess
import sys
import tempfile
import time

cli = pathlib.Path(sys.argv[1]).resolve()
turns = int(sys.argv[2]) if len(sys.argv) > 2 else 3
font = "/usr/share/sounds/sf2/TimGM6mb.sf2"
here = pathlib.Path(__file__).parent


def write_four_tracks(path, seconds):
    """Eighths on four channels at 120 to the minute."""
    def number(n):
        out = [n & 127]
        while n > 127:
            n >>= 7
            out.insert(0, 128 | n & 127)
        return bytes(out)

    tracks = []
    for channel, program in enumerate((73, 40, 0, 32)):
        events = b"\0" + bytes((0xC0 | channel, program))
        for i in range(seconds * 4):
            pitch = 72 - 12 * channel + (i * 7 + channel * 5) % 12
            events += b"\0" + bytes((0x90 | channel, pitch, 70 + i % 40))
            events += number(240) + bytes((0x80 | channel, pitch, 0))
        events += b"\0\xff\x2f\0"
        tracks.append(b"MTrk" + struct.pack(">I", len(events)) + events)
    path.write_bytes(b"MThd" + struct.pack(">IHHH", 6, 1, len(tracks), 480) + b"".join(tracks))


def run(*command):
    before = os.times()
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
    wall = time.perf_counter() - start
    after = os.times()
    return wall, after.children_user + after.children_system - before.children_user - before.children_system


def describe(rows):
    return f"{statistics.median(r[0] for r in rows):.2f} s ({statistics.median(r[1] for r in rows):.2f} s of CPU)"


with tempfile.TemporaryDirectory() as name:
    folder = pathlib.Path(name)
    dense, long = folder / "dense.mid", folder / "long.mid"
    subprocess.run([sys.executable, here / "make-dense-midi.py", dense, "60"], check=True, stdout=subprocess.DEVNULL)
    write_four_tracks(long, 300)
    os.environ["ARIETTA_DATA_DIR"] = str(folder / "library")

    ours, theirs, flac = [], [], []
    for _ in range(turns):
        ours.append(run(cli, "render", dense, "-o", folder / "ours.wav", "--soundfont", font))
        theirs.append(run("fluidsynth", "-ni", "-q", "-g", "0.5", "-r", "44100", "-R1", "-C1", "-o", "synth.polyphony=256",
                          "-F", folder / "theirs.wav", font, dense))
        flac.append(run(cli, "render", long, "-o", folder / "long.flac", "--soundfont", font))

ratio = statistics.median(r[0] for r in theirs) / statistics.median(r[0] for r in ours)
print(f"dense piece, {os.cpu_count()} cores: ours {describe(ours)}, fluidsynth {describe(theirs)}; ratio {ratio:.2f}")
print(f"five minutes of four tracks to FLAC: {describe(flac)}, {300 / statistics.median(r[0] for r in flac):.0f} x real time")
