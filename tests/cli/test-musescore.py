"""MuseScore opens what we write without a complaint, and shows the same notes: what it saves comes back equal.

Skipped where MuseScore 3 is not installed.  ARIETTA_SHARED_DIR adds real pieces to those made here.
"""

import glob
import os
import random
import shutil
import struct
import subprocess
import sys

import studio
from studio import CLI, Studio, vlq

PROGRAM = shutil.which("mscore3") or shutil.which("musescore3")


def chunk(kind, body):
    return kind + struct.pack(">I", len(body)) + body


def track(events, name):
    """events: (tick, bytes)."""
    body, now = b"\0\xff\x03" + vlq(len(name)) + name, 0
    for tick, data in sorted(events, key=lambda e: (e[0], e[1][0] & 0xf0 == 0x90)):
        body += vlq(tick - now) + data
        now = tick
    return chunk(b"MTrk", body + b"\0\xff\x2f\0")


def notes(channel, program, rows):
    events = [(0, bytes([0xc0 | channel, program]))] if channel != 9 else []
    for onset, length, pitch in rows:
        events += [(onset, bytes([0x90 | channel, pitch, 80])), (onset + length, bytes([0x80 | channel, pitch, 64]))]
    return events


def score(seed, numerator, denominator_log2):
    """Three voices over each other, ties over bar lines, triplets, words in syllables, chords, drums, a change of metre."""
    chance = random.Random(seed)
    head = [(0, b"\xff\x58\x04" + bytes([numerator, denominator_log2, 24, 8])), (0, b"\xff\x51\x03\x09\x27\xc0"),
            (0, b"\xff\x59\x02" + bytes([(seed % 7 - 3) & 0xff, 0]))]
    # Yamaha's chord symbols: A minor seventh, D flat ninth over F.
    for tick, root, kind in ((0, 0x36, 10), (960, 0x22, 22)):
        head.append((tick, b"\xff\x7f\x07\x43\x7b\x01" + bytes([root, kind, 0x7f, 0x7f])))
    air, left, words = [], [], []
    for beat in range(16):
        if chance.random() < .3:
            air += [(beat * 480 + i * 160, 160, chance.randrange(67, 80)) for i in range(3)]
        else:
            air += [(beat * 480, chance.choice((240, 480, 720, 960)), chance.randrange(67, 80))]
        words.append((beat * 480, b"\xff\x05" + (lambda t: vlq(len(t)) + t)(chance.choice((b"la", b"Al-", b"le-", b"ja!")))))
        left += [(beat * 480 + i * 240, 240, chance.randrange(40, 50)) for i in range(2)]
        if beat % 4 == 0:
            left += [(beat * 480, 1920, 55), (beat * 480, 1920, 52)]
    drums = [(i * 240, 120, (36, 42, 38, 42)[i % 4]) for i in range(32)]
    # One pitch of one voice at a time, as a score has it.
    air = [(o, min(l, next((p for p, _, _ in air if p > o), o + l) - o), p) for o, l, p in air]
    tracks = [track(head, b"Piece %d" % seed), track(notes(0, 73, air) + words, b"Flute"),
              track(notes(1, 0, left), b"Piano"), track(notes(9, 0, drums), b"Drums")]
    return chunk(b"MThd", struct.pack(">HHH", 1, len(tracks), 480)) + b"".join(tracks)


def shown(s, name):
    """Each note that is struck: onset in 24ths of a quarter, pitch; drums by the hand that plays them."""
    seen = s.json("inspect", name, "--notes")
    scale = 24 / seen["ticks_per_quarter"]
    return sorted((round(n[0] * scale), n[2]) for t in seen["tracks"] for n in t["notes"]), seen


def musescore(s, source, target):
    done = subprocess.run([PROGRAM, "-o", s.path(target), s.path(source)], capture_output=True, text=True, timeout=300,
                          env=dict(os.environ, QT_QPA_PLATFORM="offscreen", XDG_RUNTIME_DIR=s.folder.name,
                                   XDG_CONFIG_HOME=s.path("config"), XDG_DATA_HOME=s.path("data"), HOME=s.folder.name))
    said = [line for line in (done.stdout + done.stderr).splitlines()
            if any(word in line.lower() for word in ("error", "corrupt", "incomplete", "not valid", "cannot", "failed"))]
    assert done.returncode == 0, (source, done.returncode, done.stderr[-500:])
    assert not said, (source, said)


def check(s, name):
    s.json("convert", name, "-o", "ours.musicxml")
    ours, _ = shown(s, "ours.musicxml")
    for ending in ("musicxml", "mxl", "mid"):
        musescore(s, "ours.musicxml", "theirs." + ending)
        theirs, seen = shown(s, "theirs." + ending)
        # A score strikes a pitch once however many hands do: its MIDI, and ours to compare, too.
        assert set(theirs) == set(ours), (name, ending, sorted(set(theirs) ^ set(ours))[:10])
    # And the MIDI file as it is.
    s.json("convert", name, "-o", "ours.mid")
    musescore(s, "ours.mid", "read.musicxml")


def test_made(s):
    for seed, numerator, denominator in ((1, 4, 2), (2, 3, 2), (3, 6, 3)):
        s.write("made.mid", score(seed, numerator, denominator))
        check(s, "made.mid")


def test_real(s):
    shared = os.environ.get("ARIETTA_SHARED_DIR")
    if shared is None:
        return
    for pattern in ("openscore-lieder/*.mid", "nottingham/**/*.mid", "open-hymnal/**/*.mid"):
        for path in sorted(glob.glob(os.path.join(shared, "data", pattern), recursive=True))[:2]:
            shutil.copy(path, s.path("real.mid"))
            check(s, "real.mid")


if PROGRAM is None:
    print("1..0 # SKIP MuseScore 3 is not installed")
else:
    sys.exit(studio.run_tests(globals()))
