#!/usr/bin/env python3
"""What goes wrong where a person works: broken files, full disks, missing folders, kills, two programs at once.
Each ends with a sentence, and nothing is lost.

Usage: test-faults.py ARIETTA-CLI [NAME...]; prints TAP."""

import json
import os
import pathlib
import pty
import re
import resource
import select
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import unittest

sys.dont_write_bytecode = True
from studio import OTHER, PATIENCE, TUNE, midi, run_tests     # noqa: E402

# A model so small that it learns in a moment.
RECIPE = b"""[model]
kind = melody-vae
latent = 8
encoder = 16
decoder = 16
place = 8
gate = 8
[training]
minutes = 0
epochs = 1
batch = 8
validate-every = 1000
"""


def tune(i):
    """The i-th of many different tunes."""
    pitches, x = [], i * 7919 + 17
    for _ in range(32):
        x = (x * 1103515245 + 12345) % (1 << 31)
        pitches.append(55 + (x >> 16) % 24)
    return midi(pitches, title=b"Tune %d" % i)


def limit_files(n_bytes):
    """As on a full disk: no file grows past that."""
    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (n_bytes, n_bytes))
    return limit


def wait_until(condition):
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def assert_sound(s):
    """The library is whole, and each item it knows can be opened."""
    with sqlite3.connect(s.path("library/library.db")) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []


def add_tunes(s, n, folder="tunes", first=0):
    for i in range(first, first + n):
        s.write(f"{folder}/{i:05}.mid", tune(i))


def teach(s, name="try", n=12):
    """A dataset "small" and a model that learned from it."""
    add_tunes(s, n)
    s.write("small.recipe", RECIPE)
    s.json("import", "tunes", "--dataset", "small", "--style", "folk")
    s.json("train", "--kind", "melody-vae", "--dataset", "small", "--recipe", "small.recipe", "--name", name)


def bundle(s):
    """A folder of models with one that learned, under the name that is composed with when none is given."""
    teach(s)
    made = list(pathlib.Path(s.path("library")).rglob("model.safetensors"))
    assert len(made) == 1, made
    s.write("models/melody-2bar.safetensors", made[0].read_bytes())
    s.env["ARIETTA_MODELS_DIR"] = s.path("models")


def test_broken_music(s):
    whole = midi(TUNE)
    s.write("bad/words.mid", b"this is no music at all, whatever its name may say")
    s.write("bad/cut.mid", whole[:len(whole) // 2])
    s.write("bad/head.mid", whole[:9])
    s.write("bad/nothing.mid", b"")
    for name in ("bad/words.mid", "bad/cut.mid", "bad/head.mid", "bad/nothing.mid", "bad/missing.mid"):
        for verb in (("inspect", name), ("convert", name, "-o", "x.mid"), ("render", name, "-o", "x.wav"),
                     ("roll", name, "-o", "x.png")):
            error = s.fails(*verb, naming=name)
            assert name in error["file"], error
    assert not os.path.exists(s.path("x.mid")) and not os.path.exists(s.path("x.wav"))
    assert "byte" in s.fails("inspect", "bad/cut.mid")["place"]

    got = s.json("import", "bad", "tune.mid", "--dataset", "folk")
    assert got["imported"] == 1 and len(got["refused"]) == 4, got
    assert all(len(r["reason"]) > 20 and os.path.basename(r["file"]) in r["reason"] for r in got["refused"]), got
    s.fails("import", "bad/missing.mid", "--dataset", "folk", naming="missing.mid")


def test_empty_folder(s):
    os.makedirs(s.path("empty/inside"))
    s.fails("import", "empty", "--dataset", "folk", naming="empty")
    s.write("letters/a.txt", b"hello")
    s.fails("import", "letters", "--dataset", "folk", naming="letters")
    assert s.json("datasets") == []
    s.fails("items", "--dataset", "folk", naming="folk")


def count_items(s):
    """How many items the library holds, while another program writes it."""
    try:
        with sqlite3.connect(f"file:{s.path('library/library.db')}?mode=ro", uri=True) as db:
            return db.execute("SELECT count(*) FROM items").fetchone()[0]
    except sqlite3.OperationalError:    # not made yet
        return 0


def interrupted_import(s, sign):
    """Gives way to whoever looks, so that it cannot end between the first new item and the signal."""
    before = count_items(s)
    process = s.start("import", "many", "--dataset", "many", preexec_fn=lambda: os.nice(19))
    wait_until(lambda: count_items(s) > before or process.poll() is not None)
    process.send_signal(sign)
    _, err = process.communicate(timeout=PATIENCE)
    err = err.decode()
    assert process.returncode == 1 and "What was read stays" in err, (process.returncode, err)
    return err.splitlines()[-1]


def test_ten_thousand_cancelled(s):
    n = 10000
    add_tunes(s, n, "many")
    sentence = interrupted_import(s, signal.SIGINT)
    stored = len(s.json("items", "--dataset", "many"))
    assert 0 < stored < n and str(stored) in sentence, (stored, sentence)
    assert_sound(s)

    sentence = interrupted_import(s, signal.SIGTERM)
    more = len(s.json("items", "--dataset", "many"))
    assert stored < more < n, (stored, more, sentence)
    assert_sound(s)

    got = s.json("import", "many", "--dataset", "many")
    assert got["duplicates"] == more and got["imported"] == n - more and got["refused"] == [], (got, more)


def test_short_model(s):
    bundle(s)
    whole = s.read("models/melody-2bar.safetensors")
    s.json("compose", "--bars", "4", "-o", "a.mid")
    for size in (len(whole) - 1, len(whole) // 2, 100, 4, 0):
        s.write("models/melody-2bar.safetensors", whole[:size])
        for verb in (("compose", "--bars", "4", "-o", "b.mid"), ("compose", "--model", "melody-2bar", "-o", "b.mid"),
                     ("evaluate", "--model", "melody-2bar", "tune.mid"),
                     ("interpolate", "tune.mid", "other.mid", "--model", "melody-2bar", "-o", "b.mid"),
                     ("map", "--model", "melody-2bar", "--dataset", "small")):
            s.fails(*verb, naming="melody-2bar")
        models = {m["name"]: m for m in s.json("models")}
        assert "melody-2bar" in models["melody-2bar"]["problem"] and models["try"]["problem"] is None, models
        assert b"melody-2bar.safetensors" in s.run("models").stdout
        assert "melody-2bar" in s.json("card", "melody-2bar")["problem"]
        checks = {c["name"]: c for c in s.json("doctor")["checks"]}
        assert not checks["models"]["ok"] and "melody-2bar" in checks["models"]["detail"], checks
    assert not os.path.exists(s.path("b.mid"))

    # One of one's own that is cut short is told of by the doctor too, though the others compose.
    s.write("models/melody-2bar.safetensors", whole)
    own = next(pathlib.Path(s.path("library")).rglob("model.safetensors"))
    own.write_bytes(whole[:len(whole) // 2])
    s.fails("compose", "--model", "try", "-o", "b.mid", naming="model.safetensors")
    checks = {c["name"]: c for c in s.json("doctor")["checks"]}
    assert not checks["models"]["ok"] and "try" in checks["models"]["detail"], checks
    s.json("compose", "--bars", "4", "-o", "c.mid")
    assert s.read("a.mid") == s.read("c.mid")


def writers(place):
    """Every verb that writes a file, into a folder."""
    return (("convert", "tune.mid", "-o", place + "/x.mid"),
            ("render", "tune.mid", "-o", place + "/x.wav"),
            ("render", "tune.mid", "-o", place + "/x.flac"),
            ("roll", "tune.mid", "-o", place + "/x.png"),
            ("roll", "tune.mid", "-o", place + "/x.svg"),
            ("compose", "--bars", "4", "-o", place + "/x.mid"),
            ("interpolate", "tune.mid", "other.mid", "--steps", "2", "-o", place + "/x.mid"),
            ("mix", "tune.mid", "--style", "folk", "-o", place + "/x.mid"),
            ("evaluate", "--model", "melody-2bar", "tune.mid", "--per-step", place + "/x.jsonl"))


def test_unwritable(s):
    bundle(s)
    for verb in writers("no/such/folder"):
        s.fails(*verb, naming="no/such/folder/x")
    for verb in writers("tune.mid"):
        s.fails(*verb, naming="tune.mid/x")
    # A folder of that name stands where the file should go.
    for name in ("x.mid", "x-1.mid", "x.wav", "x.flac", "x.png", "x.svg", "x.jsonl"):
        os.makedirs(s.path("taken/" + name))
    for verb in writers("taken"):
        s.fails(*verb, naming="taken/x")
    assert s.read("tune.mid") == midi(TUNE)
    if os.geteuid() != 0:
        os.makedirs(s.path("closed"), 0o500)
        for verb in writers("closed"):
            s.fails(*verb, naming="closed/x")


def test_full_disk(s):
    """An export that does not fit ends with a sentence and leaves what stood under its name."""
    bundle(s)
    os.makedirs(s.path("full"))
    old = b"something dear that was here before"
    for name in ("x.wav", "x.flac", "x.png", "x.svg"):
        s.write("full/" + name, old)
    for verb in writers("full"):
        if verb[0] in ("render", "roll"):    # the others write their library first
            s.fails(*verb, naming="full/x", preexec_fn=limit_files(2000))
            assert s.read(verb[-1]) == old, verb
    s.fails("convert", "tune.mid", "-o", "full/x.mid", naming="full/x.mid", preexec_fn=limit_files(100))
    assert sorted(os.listdir(s.path("full"))) == ["x.flac", "x.png", "x.svg", "x.wav"]
    s.fails("evaluate", "--model", "try", "tune.mid", "--per-step", "/dev/full", naming="/dev/full")

    # So does a result that nobody can take.
    with open("/dev/full", "wb") as full:
        done = s.run("inspect", "tune.mid", "--json", stdout=full)
        assert done.returncode == 1 and len(done.stderr) > 30, done
        done = s.run("inspect", "tune.mid", stdout=full)
        assert done.returncode == 1 and len(done.stderr) > 30, done


def test_library_on_full_disk(s):
    add_tunes(s, 600)
    s.json("import", "tune.mid", "--dataset", "folk")
    error = s.fails("import", "tunes", "--dataset", "folk", preexec_fn=limit_files(300000))
    assert error["domain"] == "arietta-library-error", error
    assert_sound(s)
    before = len(s.json("items", "--dataset", "folk"))
    assert before >= 1
    got = s.json("import", "tunes", "--dataset", "folk")
    assert got["imported"] + got["duplicates"] == 600 and got["imported"] == 601 - before, (got, before)


def test_newer_library(s):
    s.json("import", "tune.mid", "--dataset", "folk")
    with sqlite3.connect(s.path("library/library.db")) as db:
        version = db.execute("PRAGMA user_version").fetchone()[0]
        db.execute("PRAGMA user_version = 999")
    for verb in (("datasets",), ("items", "--dataset", "folk"), ("import", "other.mid", "--dataset", "folk"),
                 ("models",), ("compose", "-o", "x.mid")):
        s.fails(*verb, naming="library.db")
    assert not s.json("doctor")["checks"][0]["ok"]
    with sqlite3.connect(s.path("library/library.db")) as db:
        db.execute(f"PRAGMA user_version = {version}")
    assert len(s.json("items", "--dataset", "folk")) == 1


def test_no_library(s):
    s.write("library", b"a file where the folder of the library should be")
    s.fails("datasets", naming="library")
    s.fails("import", "tune.mid", "--dataset", "folk", naming="library")
    # What needs none works.
    s.json("inspect", "tune.mid")
    s.json("convert", "tune.mid", "-o", "copy.mid")


def test_no_soundfont(s):
    s.env.update(XDG_DATA_DIRS=s.path("nothing"), XDG_DATA_HOME=s.path("nothing"), HOME=s.path("nothing"))
    error = s.fails("render", "tune.mid", "-o", "x.wav", naming="SoundFont")
    assert error["domain"] == "arietta-audio-error", error
    assert not os.path.exists(s.path("x.wav"))
    s.fails("render", "tune.mid", "-o", "x.wav", "--soundfont", "missing.sf2", naming="missing.sf2")
    s.fails("render", "tune.mid", "-o", "x.wav", "--soundfont", "tune.mid", naming="tune.mid")
    checks = {c["name"]: c for c in s.json("doctor")["checks"]}
    assert not checks["soundfont"]["ok"] and checks["library"]["ok"], checks
    # Notes go on without sound.
    s.json("roll", "tune.mid", "-o", "x.png")


def test_at_once(s):
    """Two that write and one that reads, on one library that none of them finds made."""
    add_tunes(s, 300, "a", 0)
    add_tunes(s, 300, "b", 1000)
    writing = [s.start("import", x, "--dataset", d, "--json") for x, d in (("a", "one"), ("b", "one"), ("tune.mid", "two"))]
    seen = []
    while any(p.poll() is None for p in writing):
        seen.append(sum(d["items"] for d in s.json("datasets")))
    for process in writing:
        out, err = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0, err.decode()
        assert json.loads(out)["refused"] == [], out
    assert seen == sorted(seen), seen
    assert {d["name"]: d["items"] for d in s.json("datasets")} == {"one": 600, "two": 1}
    assert_sound(s)


def state_of(s, name):
    return {m["name"]: m["state"] for m in s.json("models")}.get(name)


def test_killed_training(s):
    add_tunes(s, 40)
    s.write("small.recipe", RECIPE)
    s.json("import", "tunes", "--dataset", "small", "--style", "folk")
    train = ("train", "--kind", "melody-vae", "--dataset", "small", "--recipe", "small.recipe", "--name", "try")
    state = lambda: [p.stat().st_mtime_ns for p in pathlib.Path(s.path("library")).rglob("state.safetensors")]

    # Killed before its first checkpoint and after it.
    process = s.start(*train, "--minutes", "30", "--progress")
    for line in process.stderr:
        if b"loss" in line:
            break
    assert state_of(s, "try") == "training"

    # Nobody else may train under this name meanwhile.
    s.fails(*train, naming="try")
    s.fails("train", "--resume", "try", naming="try")
    assert process.poll() is None and state_of(s, "try") == "training"
    process.kill()
    process.communicate()
    assert state_of(s, "try") == "paused"

    # It goes on, keeps a checkpoint when it is asked to stop, and goes on from there.
    process = s.start("train", "--resume", "try", "--progress")
    for line in process.stderr:
        if b"loss" in line:
            break
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1 and "try" in err.decode().splitlines()[-1], (process.returncode, err)
    assert state_of(s, "try") == "paused" and len(state()) == 1
    kept = [p.read_bytes() for p in pathlib.Path(s.path("library")).rglob("state.safetensors")]

    process = s.start("train", "--resume", "try", "--progress")
    steps = []
    for line in process.stderr:
        steps += [int(n) for n in re.findall(r"Step (\d+)", line.decode())]
        if steps:
            break
    process.kill()
    process.communicate()
    assert state_of(s, "try") == "paused"
    assert steps[0] > 1, "began anew"
    assert [p.read_bytes() for p in pathlib.Path(s.path("library")).rglob("state.safetensors")] == kept

    s.fails("train", "--resume", "nobody", naming="nobody")
    s.fails(*train, naming="try")


def test_one_value(s):
    """Every verb, done and failed: exactly one JSON value on standard output, sentences on standard error."""
    bundle(s)
    tried = set()
    for code, *args in (
            (0, "inspect", "tune.mid"), (1, "inspect", "none.mid"), (2, "inspect"),
            (0, "convert", "tune.mid", "-o", "x.mid"), (1, "convert", "none.mid", "-o", "x.mid"), (2, "convert", "tune.mid"),
            (2, "convert", "tune.mid", "-o", "x.xyz"),
            (0, "import", "tune.mid", "--dataset", "d"), (1, "import", "none", "--dataset", "d"), (2, "import", "tune.mid"),
            (0, "datasets"), (2, "datasets", "x"),
            (0, "items", "--dataset", "d"), (1, "items", "--dataset", "none"), (2, "items"),
            (0, "train", "--kind", "melody-vae", "--dataset", "small", "--recipe", "small.recipe"),
            (2, "train", "--kind", "magic", "--dataset", "small"), (2, "train"), (1, "train", "--resume", "none"),
            (1, "train", "--kind", "melody-vae", "--dataset", "none"),
            (0, "models"), (2, "models", "x"),
            (0, "card", "try"), (1, "card", "none"), (2, "card"),
            (0, "evaluate", "--model", "try", "tune.mid", "none.mid"), (1, "evaluate", "--model", "none", "tune.mid"),
            (1, "evaluate", "--model", "try", "none.mid"), (2, "evaluate", "tune.mid"),
            (0, "compose", "--bars", "2", "-o", "x.mid"), (1, "compose", "--model", "none", "-o", "x.mid"), (2, "compose"),
            (2, "compose", "-o", "x.xyz"),
            (0, "interpolate", "tune.mid", "other.mid", "--steps", "2", "-o", "x.mid"),
            (1, "interpolate", "tune.mid", "none.mid", "-o", "x.mid"), (2, "interpolate", "tune.mid", "-o", "x.mid"),
            (2, "interpolate", "tune.mid", "other.mid", "-o", "x.xyz"),
            (0, "mix", "tune.mid", "--style", "folk", "-o", "x.mid"),
            (1, "mix", "tune.mid", "--style", "none", "-o", "x.mid"), (2, "mix", "tune.mid", "-o", "x.mid"),
            (2, "mix", "tune.mid", "--style", "folk", "-o", "x.xyz"),
            (1, "assist", "vary", "none.mid", "-o", "x.mid"), (2, "assist", "vary", "tune.mid"),
            (2, "assist", "sing", "tune.mid", "-o", "x.mid"),
            (0, "pack", "melody-2bar", "tune.mid", "--bits", "16"), (1, "pack", "none", "tune.mid"), (2, "pack"),
            (0, "map", "--dataset", "small"), (1, "map", "--dataset", "none"), (2, "map", "--method", "none"),
            (0, "render", "tune.mid", "-o", "x.wav"), (1, "render", "none.mid", "-o", "x.wav"), (2, "render", "tune.mid"),
            (0, "roll", "tune.mid", "-o", "x.png"), (1, "roll", "none.mid", "-o", "x.png"), (2, "roll", "tune.mid"),
            (0, "recommend"), (2, "recommend", "--count", "none"),
            (0, "doctor"), (2, "doctor", "x"), (2, "sing"), (2,)):
        done = s.run(*args, "--json")
        assert done.returncode == code, f"{args}: exit {done.returncode}, not {code}: {done.stderr.decode()}"
        value = json.loads(done.stdout)
        assert (isinstance(value, dict) and "error" in value) == (code != 0), (args, value)
        assert code == 0 or len(done.stderr) > 20, args
        tried.update(args[:1])

        # For a person: no JSON on failure, and the exit is the same.
        if code != 0:
            done = s.run(*args)
            assert done.returncode == code and done.stdout == b"" and len(done.stderr) > 20, (args, done)

    verbs = re.findall(r"^  (\S+) ", s.run("--help").stdout.decode(), re.MULTILINE)
    assert set(verbs) <= tried, set(verbs) - tried


def told_on_a_terminal(s, *args, until=None):
    """What a terminal at standard error shows, and seconds to the first of it."""
    try:
        leader, follower = pty.openpty()
    except OSError as e:        # some containers have none
        raise unittest.SkipTest(str(e))
    begun = time.monotonic()
    process = s.start(*args, stdout=subprocess.DEVNULL, stderr=follower)
    os.close(follower)
    told, first = b"", None
    while True:
        if select.select([leader], [], [], PATIENCE)[0]:
            try:
                read = os.read(leader, 4096)
            except OSError:     # nobody holds the other end any more
                break
            first = first or time.monotonic() - begun
            told += read
            if until is not None and until in told:
                process.send_signal(signal.SIGINT)      # once: a second one ends it at once
                until = None
        else:
            process.kill()
    os.close(leader)
    return told.decode(), first, process.wait(PATIENCE)


def test_progress(s):
    teach(s)
    # What takes no second says nothing.
    told, _, code = told_on_a_terminal(s, "import", "tune.mid", "--dataset", "one")
    assert code == 0 and told == "", told

    told, first, code = told_on_a_terminal(s, "train", "--kind", "melody-vae", "--dataset", "small", "--recipe",
                                           "small.recipe", "--minutes", "30", "--name", "long", until=b"loss")
    assert code == 1 and first >= 1.0 and "Step" in told, (code, first, told)
    # The sentence at the end stands on a line of its own.
    assert re.search(r"\r\x1b\[Karietta-cli: .*long.*\.", told), told

    # A pipe is told nothing unless asked.
    process = s.start("train", "--kind", "melody-vae", "--dataset", "small", "--recipe", "small.recipe", "--minutes", "0.05")
    out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0 and err == b"" and out, err


sys.exit(run_tests(globals()))
