#!/usr/bin/env python3
"""A command line with one row more in its table of kinds (another-kind.c) and no other change: every verb that speaks of
models knows the new kind.

Usage: test-kinds.py ARIETTA-CLI-WITH-ANOTHER-KIND [NAME...]; prints TAP."""

import sys

sys.dont_write_bytecode = True
from studio import OTHER, TUNE, midi, run_tests     # noqa: E402


def test_another(s):
    for i in range(10):
        s.write(f"tunes/{i}.mid", midi([p + i % 5 for p in (TUNE if i % 2 else OTHER)][i:] + [60], title=b"Tune %d" % i))
    s.json("import", "tunes", "--dataset", "small", "--style", "folk")
    got = s.json("train", "--kind", "another", "--dataset", "small", "--name", "new")
    assert got["model"] == "new" and got["steps"] > 0, got
    assert [m["kind"] for m in s.json("models") if m["name"] == "new"] == ["another"]
    card = s.json("card", "new", "-o", "new.md")
    assert card["kind"] == "another" and "**Another** — A kind that nobody" in s.read("new.md").decode(), card
    s.json("compose", "--model", "new", "--bars", "4", "-o", "take.mid")
    measured = s.json("evaluate", "--model", "new", "tune.mid", "other.mid", "--samples", "8")
    assert measured["n_pieces"] == 2 and measured["reconstruction"]["sampled"] >= 0, measured
    s.json("interpolate", "tune.mid", "other.mid", "--model", "new", "--steps", "2", "-o", "between.mid")
    # Taught further, too, and under its own name.
    for i in range(4):
        s.write(f"airs/{i}.mid", midi([p - i for p in OTHER[i:] + TUNE], title=b"Air %d" % i))
    s.json("import", "airs", "--dataset", "mine", "--split", "train")
    s.json("train", "--from", "new", "--dataset", "mine", "--name", "newer", "--epochs", "1")
    assert s.json("card", "newer")["kind"] == "another"
    s.refused("train", "--kind", "a third", "--dataset", "small")


sys.exit(run_tests(globals()))
