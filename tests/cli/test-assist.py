#!/usr/bin/env python3
"""A composer trained on next to nothing, from the command line: it need not sound well, but what was asked for is what
differs, and all else is as it was.

Usage: test-assist.py ARIETTA-CLI [NAME...]; prints TAP."""

import sys

sys.dont_write_bytecode = True
from studio import OTHER, TUNE, midi, run_tests     # noqa: E402

RECIPE = b"""[model]
kind = attention-composer
layers = 1
size = 32
heads = 2
inner = 64
context = 256
[training]
batch = 2
epochs = 1
minutes = 0
"""
BAR = 1920


def train(s):
    for i in range(8):
        s.write(f"tunes/{i}.mid", midi([p + i % 5 for p in (TUNE if i % 2 else OTHER)][i:] + [60], title=b"Tune %d" % i))
    s.json("import", "tunes", "--dataset", "small", "--style", "folk")
    s.write("tiny.recipe", RECIPE)
    return s.json("train", "--kind", "attention-composer", "--dataset", "small", "--recipe", "tiny.recipe", "--name", "c")


def notes(s, name):
    """The notes of each track that has a name or notes, without the program."""
    tracks = s.json("inspect", name, "--notes")["tracks"]
    return [[tuple(n[:5]) for n in t["notes"]] for t in tracks if t["notes"]]


def test_compose(s):
    got = train(s)
    assert got["model"] == "c" and got["steps"] > 0, got
    s.json("compose", "--model", "c", "--bars", "4", "--meter", "7/8", "--tempo", "150", "--key", "D", "--style", "folk",
           "--instruments", "melody=73,bass,drums", "--density", "5", "-o", "a.mid", "--seed", "4")
    got = s.json("inspect", "a.mid")
    assert got["meters"] == [[0, 7, 8]] and got["tempos"] == [[0, 400000]] and got["keys"] == [[0, 2, 0]], got
    end = max(n[0] for t in notes(s, "a.mid") for n in t)
    assert end < 4 * 7 * 240, end
    # One that learned next to nothing leaves parts empty; in several pieces it is sure to use them all.
    s.json("compose", "--model", "c", "--bars", "4", "--instruments", "melody=73,bass,drums", "--density", "5",
           "--count", "8", "-o", "many.mid", "--seed", "4")
    tracks = [t for i in range(1, 9) for t in s.json("inspect", f"many-{i}.mid")["tracks"]]
    played = {n[5] for t in tracks if t["name"] == "Melody" for n in t["notes"]}
    assert played == {73}, played
    s.json("compose", "--model", "c", "--bars", "4", "--meter", "7/8", "--tempo", "150", "--key", "D", "--style", "folk",
           "--instruments", "melody=73,bass,drums", "--density", "5", "-o", "b.mid", "--seed", "4")
    assert s.read("a.mid") == s.read("b.mid")
    s.json("compose", "--model", "c", "--bars", "2", "-o", "free.mid")
    s.json("compose", "--model", "c", "--style", "nobody", "-o", "x.mid", code=1)
    got = s.json("evaluate", "--model", "c", "tune.mid")
    assert got["nll_per_token"] > 0 and got["nll_per_note"] > 0 and 0 <= got["accuracy"] <= 1, got
    assert got["baselines"]["copy"]["accuracy"] >= 0, got


def test_tasks(s):
    train(s)
    before = notes(s, "tune.mid")[0]

    got = s.json("assist", "continue", "tune.mid", "--model", "c", "--bars", "5-6", "-o", "c.mid")
    assert set(got[0]) >= {"file", "take", "seed", "seconds"}, got
    after = notes(s, "c.mid")[0]
    assert after[:len(before)] == before and all(4 * BAR - 20 <= n[0] < 6 * BAR for n in after[len(before):])

    s.json("assist", "infill", "tune.mid", "--model", "c", "--bars", "2-3", "--tracks", "2", "-o", "i.mid")
    looked = s.json("roll", "tune.mid", "--attention", "3", "--model", "c", "-o", "looked.svg")["attended"]
    assert abs(sum(note["share"] for note in looked) - 1) < 1e-6, looked
    assert "<svg" in open(s.path("looked.svg")).read()
    s.json("roll", "tune.mid", "--attention", "1", "--model", "c", "-o", "looked.svg", code=1)
    s.refused("roll", "tune.mid", "--attention", "3", "-o", "looked.svg")
    after = notes(s, "i.mid")[0]
    assert [n for n in after if not BAR - 20 <= n[0] < 3 * BAR] == [n for n in before if not BAR <= n[0] < 3 * BAR]

    for task, n in (("melody", 1), ("bass", 1), ("drums", 1), ("arrange", 3)):
        s.json("assist", task, "tune.mid", "--model", "c", "--density", "4", "--in-scale", "--key", "C", "-o", task + ".mid")
        tracks = notes(s, task + ".mid")
        assert tracks[0] == before and len(tracks) <= 1 + n, task
        new = [note for t in tracks[1:] for note in t]
        assert all(note[0] < 4 * BAR for note in new), task
        if task == "drums":
            assert all(note[4] == 9 for note in new)
        if task == "bass":
            assert all(note[2] % 12 in (0, 2, 4, 5, 7, 9, 11) and note[2] <= 60 for note in new)

    s.json("assist", "vary", "tune.mid", "--model", "c", "-o", "v.mid", "--seed", "3")
    s.json("assist", "vary", "tune.mid", "--model", "c", "-o", "w.mid", "--seed", "3")
    assert s.read("v.mid") == s.read("w.mid")
    after = notes(s, "v.mid")[0]
    same = [b for b in range(4) if [n for n in after if b * BAR <= n[0] + 20 < (b + 1) * BAR]
            == [n for n in before if b * BAR <= n[0] + 20 < (b + 1) * BAR]]
    assert 0 < len(same) < 4, same


def test_refused(s):
    train(s)
    s.refused("assist", "sing", "tune.mid", "-o", "x.mid")
    s.refused("assist", "infill", "tune.mid", "--bars", "3-1", "-o", "x.mid")
    s.refused("assist", "infill", "tune.mid", "--bars", "0", "-o", "x.mid")
    s.refused("assist", "infill", "tune.mid", "--tracks", "none", "-o", "x.mid")
    s.refused("assist", "drums", "tune.mid", "--density", "11", "-o", "x.mid")
    s.refused("assist", "harmonise", "tune.mid", "--bars", "1-2", "-o", "x.mid")
    s.refused("compose", "--model", "c", "--meter", "7/9", "-o", "x.mid")
    s.refused("compose", "--model", "c", "--instruments", "kazoo", "-o", "x.mid")
    s.json("assist", "infill", "tune.mid", "--model", "c", "--bars", "9", "-o", "x.mid", code=1)
    s.json("assist", "infill", "tune.mid", "--model", "c", "--tracks", "7", "-o", "x.mid", code=1)
    s.json("assist", "continue", "tune.mid", "--model", "c", "--bars", "2", "-o", "x.mid", code=1)
    s.json("assist", "bass", "tune.mid", "--model", "c", "--style", "nobody", "-o", "x.mid", code=1)
    error = s.json("assist", "harmonise", "tune.mid", "--model", "c", "-o", "x.mid", code=1)["error"]
    assert "harmonise" in error["message"], error


sys.exit(run_tests(globals()))
