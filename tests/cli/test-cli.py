#!/usr/bin/env python3
"""Drives the built command line as a person or a script would, and holds it to its contract: exit codes, exactly
one JSON value on standard output, the keys of every verb, the same bytes for the same seed.

Usage: test-cli.py ARIETTA-CLI [NAME...]; prints TAP."""

import glob
import json
import os
import re
import struct
import sys

sys.dont_write_bytecode = True
from studio import OTHER, TUNE, midi, run_tests     # noqa: E402


def test_usage(s):
    s.refused("sing")
    s.refused("inspect")
    s.refused("inspect", "a.mid", "b.mid")
    s.refused("inspect", "tune.mid", "--nonsense")
    s.refused("compose")
    s.refused("compose", "-o", "x.mid", "--bars", "0")
    s.refused("compose", "-o", "x.mid", "--key", "H♯")
    s.refused("compose", "-o", "x.mid", "--seed", "minus one")
    s.refused("render", "tune.mid", "-o", "x.aac")
    s.refused("roll", "tune.mid", "-o", "x.gif")
    s.refused("convert", "tune.mid", "-o", "x.mid", "--via", "magic")
    s.refused("map", "--method", "guess")
    s.refused("mix", "tune.mid", "--style", "folk=2", "-o", "x.mid")
    s.refused("import", "tune.mid")
    s.refused("import", "tune.mid", "--dataset", "d", "--licence", "do as you like")
    s.refused("compose", "-o", "x.pdf")
    s.refused("assist", "harmonise", "tune.mid")
    s.refused("assist", "harmonise", "tune.mid", "-o", "x.mid", "--temperature", "0")
    s.refused("assist", "whistle", "tune.mid", "-o", "x.mid")
    s.refused("convert", "tune.mid", "-o", "x.xyz")
    assert s.run("--help").returncode == 0
    verbs = [line.split()[0] for line in s.run("--help").stdout.decode().splitlines()[2:]
             if line.startswith("  ") and not line.startswith("   ")]
    assert "inspect" in verbs and "doctor" in verbs, verbs
    for verb in verbs:
        for flag in ("--help", "-h"):
            done = s.run(verb, flag)
            assert done.returncode == 0 and done.stdout.startswith(b"Usage: arietta-cli " + verb.encode()), verb
    assert s.run("--version").stdout.startswith(b"arietta-cli ")


def test_help(s):
    """The help of a verb names every option that its function takes."""
    verbs = set()
    for path in glob.glob(os.path.join(os.path.dirname(__file__), "../../src/cli/arietta-cli-*.c")):
        with open(path, encoding="utf-8") as f:
            functions = re.findall(r"^arietta_cli_(\w+) \(AriettaCli \*cli,\n(.*?)^}", f.read(), re.S | re.M)
        for verb, body in functions:
            options = re.findall(r"""\{ "([a-z-]+)", (?:'(.)'|0), 0, G_OPTION_ARG""", body)
            text = s.run(verb, "--help").stdout.decode() if options else ""
            for name, letter in options:
                assert re.search(rf"--{name}\b" + (rf"|-{letter} " if letter else ""), text), (verb, name, text)
            verbs |= {verb} if options else set()
    assert len(verbs) >= 14, verbs


def test_inspect(s):
    got = s.json("inspect", "tune.mid")
    assert set(got) >= {"format", "ticks_per_quarter", "duration_seconds", "n_notes", "tempos", "meters", "keys",
                        "tracks", "warnings"}, got
    assert got["format"] == 1 and got["ticks_per_quarter"] == 480 and got["n_notes"] == len(TUNE)
    assert got["tempos"] == [[0, 500000]] and got["meters"] == [[0, 4, 4]]
    assert abs(got["duration_seconds"] - len(TUNE) * 0.25) < 1e-9   # the end of the last note
    notes = [t for t in got["tracks"] if t["notes"]][0]
    assert notes["name"] == "A tune"
    assert notes["notes"][1] == [240, 240, 62, 90, 0, 0], notes["notes"][1]


def test_errors(s):
    s.write("bad.mid", b"this is no music at all")
    s.write("cut.mid", midi(TUNE)[:60])
    for name in ("bad.mid", "cut.mid", "missing.mid"):
        error = s.json("inspect", name, code=1)["error"]
        assert name in error["message"], error
        assert name in error["file"], error
    assert "byte" in s.json("inspect", "cut.mid", code=1)["error"]["place"]
    s.json("render", "tune.mid", "-o", "no/such/folder/x.wav", code=1)
    s.json("roll", "tune.mid", "-o", "no/such/folder/x.png", code=1)
    s.json("convert", "tune.mid", "-o", "no/such/folder/x.mid", code=1)
    s.json("card", "nobody", code=1)
    s.json("items", "--dataset", "nobody", code=1)


def test_convert(s):
    kept = s.json("convert", "tune.mid", "-o", "copy.mid")["kept"]
    assert kept == {"notes": 1.0, "onsets": 1.0, "durations": 1.0, "velocities": 1.0}, kept
    kept = s.json("convert", "tune.mid", "-o", "steps.mid", "--via", "steps")["kept"]
    assert kept["notes"] == 1.0 and kept["onsets"] == 1.0 and kept["velocities"] == 1.0, kept
    kept = s.json("convert", "tune.mid", "-o", "events.mid", "--via", "events")["kept"]
    assert kept == {"notes": 1.0, "onsets": 1.0, "durations": 1.0, "velocities": 1.0}, kept
    for via in ("roll", "graph"):
        kept = s.json("convert", "tune.mid", "-o", "via.mid", "--via", via)["kept"]
        assert kept == {"notes": 1.0, "onsets": 1.0, "durations": 1.0, "velocities": 1.0}, (via, kept)


def test_salvage(s):
    """What is whole of a broken file can be had on request."""
    s.write("cut.mid", midi(TUNE)[:160])
    s.json("convert", "cut.mid", "-o", "whole.mid", code=1)
    s.json("convert", "cut.mid", "-o", "whole.mid", "--salvage")
    got = s.json("inspect", "cut.mid", "--salvage")
    assert 0 < got["n_notes"] < len(TUNE) and got["warnings"], got
    assert s.json("inspect", "whole.mid")["n_notes"] == got["n_notes"]


def test_library(s):
    s.write("folder/a.mid", midi(TUNE))
    s.write("folder/b.mid", midi(TUNE))
    s.write("folder/deep/c.mid", midi(OTHER, title=b"The other"))
    s.write("folder/readme.txt", b"hello")
    s.write("folder/broken.mid", b"MThd")
    got = s.json("import", "folder", "--dataset", "folk", "--style", "folk", "--licence", "CC0-1.0")
    assert got["imported"] == 2 and got["duplicates"] == 1 and got["skipped"] == 1, got
    assert len(got["refused"]) == 1 and got["refused"][0]["file"].endswith("broken.mid"), got
    datasets = s.json("datasets")
    assert [d["name"] for d in datasets] == ["folk"] and datasets[0]["items"] == 2, datasets
    items = s.json("items", "--dataset", "folk")
    assert len(items) == 2, items
    assert {i["style"] for i in items} == {"folk"} and {i["licence"] for i in items} == {"CC0-1.0"}
    found = s.json("items", "--dataset", "folk", "--search", "other")
    assert [i["title"] for i in found] == ["The other"], found
    s.write("empty/readme.txt", b"hello")
    s.json("import", "empty", "--dataset", "folk", code=1)


def test_pictures(s):
    got = s.json("render", "tune.mid", "-o", "tune.wav")
    assert set(got) >= {"seconds", "peak_db", "lufs"} and got["seconds"] >= 8.0, got
    wav = s.read("tune.wav")
    assert wav[:4] == b"RIFF" and wav[8:16] == b"WAVEfmt " and struct.unpack("<HHI", wav[20:28]) == (1, 2, 44100)
    s.json("render", "tune.mid", "-o", "again.wav")
    assert s.read("again.wav") == wav
    stems = s.json("render", "tune.mid", "-o", "parts.wav", "--stems")
    assert stems["seconds"] == got["seconds"] and stems["stems"] == ["parts-1.wav"], stems
    assert len(s.read("parts-1.wav")) == len(wav)
    assert s.json("roll", "tune.mid", "-o", "tune.png")["pages"] == 1
    assert s.read("tune.png")[:4] == b"\x89PNG"
    s.json("roll", "tune.mid", "-o", "tune.svg")
    assert b"<svg" in s.read("tune.svg")


def test_compose(s):
    got = s.json("compose", "--bars", "8", "--seed", "5", "-o", "a.mid")
    assert got[0]["seed"] == 5 and got[0]["file"] == "a.mid", got
    s.json("compose", "--bars", "8", "--seed", "5", "-o", "b.mid")
    assert s.read("a.mid") == s.read("b.mid")
    s.json("compose", "--bars", "8", "--seed", "6", "-o", "c.mid")
    assert s.read("a.mid") != s.read("c.mid")
    many = s.json("compose", "--bars", "4", "--count", "3", "--key", "G", "-o", "n.mid")
    assert [m["file"] for m in many] == ["n-1.mid", "n-2.mid", "n-3.mid"]
    for name in ("n-1.mid", "n-2.mid"):
        track = s.json("inspect", name)["tracks"][0]["notes"]
        assert track[-1][2] % 12 == 7, track[-1]                 # home in G
        assert {n[2] % 12 for n in track} <= {7, 9, 11, 0, 2, 4, 6}, track
    s.json("compose", "--style", "no such style", "-o", "x.mid", code=1)
    s.json("compose", "--model", "nobody", "-o", "x.mid", code=1)


def test_card(s):
    """A card as text and curves; those in the tree say what their cards say."""
    s.refused("card", "chorale", "-o", "card.doc")
    s.refused("card", "chorale", "--figures", "figures.json")
    s.json("card", "chorale", "-o", "card.md")
    text = s.read("card.md").decode()
    assert text.startswith("# chorale\n") and "jsb-chorales" in text and "| ---" in text, text
    s.json("card", "chorale", "-o", "card.svg")
    assert b"<svg" in s.read("card.svg")
    models = os.environ.get("ARIETTA_MODELS_DIR", "")
    s.write("weights/chorale.md", b"as it was")
    s.write("weights/chorale.zh_CN.md", b"as it was")
    for ending in (".safetensors", ".json", ".card", ".log"):
        with open(os.path.join(models, "chorale" + ending), "rb") as file:
            s.write("weights/chorale" + ending, file.read())
    before = s.read("weights/chorale.json")
    there = dict(s.env, ARIETTA_MODELS_DIR=s.path("weights"))
    nowhere = dict(there, ARIETTA_LOCALE_DIR=s.path("nowhere"))
    s.fails("card", "chorale", "--write", naming="zh_CN", env=nowhere)
    for name in (".md", ".zh_CN.md"):
        assert s.read("weights/chorale" + name) == b"as it was", name
    assert s.read("weights/chorale.json") == before and not os.path.exists(s.path("weights/chorale.svg"))
    if os.path.exists(os.path.join(s.env.get("ARIETTA_LOCALE_DIR", ""), "zh_CN", "LC_MESSAGES", "arietta.mo")):
        s.json("card", "chorale", "--write", env=there)
        assert "的" in s.read("weights/chorale.zh_CN.md").decode() and "的" not in s.read("weights/chorale.md").decode()
    for model in s.json("models"):
        told = os.path.join(models, model["name"] + ".md")
        if not model["bundled"] or not os.path.exists(told):
            continue
        s.json("card", model["name"], "-o", "told.md")
        with open(told, encoding="utf-8") as file:
            lines = [line for line in file.read().splitlines() if not line.startswith(("![", "Lower is better"))]
        assert [line for line in lines if line] == [line for line in s.read("told.md").decode().splitlines() if line], told


def test_harmonise(s):
    s.json("assist", "harmonise", "tune.mid", "--seed", "3", "-o", "four.mid")
    got = s.json("inspect", "four.mid")
    assert got["format"] == 1 and len(got["tracks"]) == 4, got
    tune = next(t for t in s.json("inspect", "tune.mid")["tracks"] if t["notes"])
    assert [n[:4] for n in got["tracks"][0]["notes"]] == [n[:4] for n in tune["notes"]]
    s.json("assist", "harmonise", "tune.mid", "--seed", "3", "-o", "again.mid")
    assert s.read("four.mid") == s.read("again.mid")
    s.json("assist", "harmonise", "tune.mid", "--model", "melody-2bar", "-o", "x.mid", code=1)
    s.json("compose", "--model", "chorale", "--bars", "4", "--key", "D", "-o", "d.mid")
    bass = s.json("inspect", "d.mid")["tracks"][3]["notes"]
    assert bass[0][2] % 12 == 2 and bass[-1][2] % 12 == 2, bass
    measured = s.json("evaluate", "--model", "chorale", "--samples", "8", "d.mid", "four.mid")
    alone = s.json("evaluate", "--model", "chorale", "--samples", "0", "d.mid")["baselines"]["ngram"]
    assert alone["counted_on"] == "itself" and alone["nll_per_note"] > 0, alone
    assert measured["baselines"]["ngram"]["counted_on"] == "others", measured["baselines"]
    assert measured["n_pieces"] == 2 and 0 < measured["nll_per_note"] < 4 and measured["seen"] == 0, measured


def test_latent(s):
    got = s.json("interpolate", "tune.mid", "other.mid", "--steps", "3", "-o", "m.mid")
    assert [g["position"] for g in got] == [0.0, 0.5, 1.0] and got[0]["file"] == "m-1.mid", got
    style = s.json("card", "melody-2bar")["data"][0]["style"]
    got = s.json("mix", "tune.mid", "--style", style + "=1", "-o", "mix.mid")
    assert set(got["retention"]) == {"chroma", "contour", "onset_f1"} and style in got["arrival"], got
    assert abs(sum(got["arrival"].values()) - 1.0) < 1e-6
    s.json("import", "tune.mid", "other.mid", "--dataset", "two")
    got = s.json("map", "--model", "melody-2bar", "--dataset", "two")
    assert len(got["points"]) == 2 and set(got["points"][0]) >= {"item", "x", "y", "style"}, got
    recommended = s.json("recommend", "--count", "1")
    assert len(recommended) == 1 and recommended[0]["reasons"], recommended


def test_models(s):
    models = s.json("models")
    assert "melody-2bar" in [m["name"] for m in models]
    assert set(models[0]) >= {"name", "kind", "bundled", "parameters", "sha256", "metrics"}, models[0]
    got = s.json("evaluate", "--model", "melody-2bar", "tune.mid", "--per-step", "steps.jsonl")
    assert got["n_pieces"] == 1 and got["elbo_per_step"] is not None, got
    lines = [json.loads(line) for line in s.read("steps.jsonl").splitlines()]
    assert lines and set(lines[0]) >= {"file", "step", "voice", "nll", "correct"}, lines[:1]


def test_train(s):
    for i in range(12):
        s.write(f"tunes/{i}.mid", midi([p + i % 5 for p in (TUNE if i % 2 else OTHER)][i:] + [60], title=b"Tune %d" % i))
    s.json("import", "tunes", "--dataset", "small", "--style", "folk")
    got = s.json("train", "--kind", "melody-vae", "--dataset", "small", "--epochs", "1", "--name", "try")
    assert got["model"] == "try" and got["steps"] > 0, got
    assert "try" in [m["name"] for m in s.json("models")]
    s.json("compose", "--model", "try", "--bars", "2", "-o", "t.mid")
    s.json("train", "--kind", "melody-vae", "--dataset", "nobody", code=1)
    s.refused("train", "--kind", "magic", "--dataset", "small")


# The row of each verb: arguments, and the keys that always exist; a list stands for rows of a list.
CONTRACT = [
    (("import", "folk", "--dataset", "folk", "--style", "folk"), {"imported", "duplicates", "skipped", "refused"}),
    (("datasets",), [{"name"}]),
    (("items", "--dataset", "folk"), [{"id", "title", "style", "licence", "split"}]),
    (("inspect", "tune.mid"), {"format", "ticks_per_quarter", "duration_seconds", "n_notes", "tempos", "meters",
                               "keys", "tracks", "warnings"}),
    (("convert", "tune.mid", "-o", "copy.mid"), {"kept"}),
    (("models",), [{"name", "kind", "bundled", "parameters", "sha256", "metrics"}]),
    (("card", "melody-2bar"), {"name", "kind", "bundled", "parameters", "sha256", "metrics"}),
    (("evaluate", "--model", "melody-2bar", "tune.mid", "--samples", "8"),
     {"n_pieces", "pieces_skipped", "seen", "n_predicted", "n_windows", "windows_failed", "nll_per_note",
      "nll_per_token", "accuracy", "changed_accuracy", "elbo_per_step", "reconstruction", "kl", "active_units",
      "overlap", "musegan", "copied_share", "baselines"}),
    (("compose", "--model", "melody-2bar", "--bars", "2", "-o", "x.mid"), [{"file", "take", "seed", "seconds"}]),
    (("interpolate", "tune.mid", "other.mid", "--model", "melody-2bar", "--steps", "2", "-o", "m.mid"),
     [{"file", "position"}]),
    (("mix", "tune.mid", "--style", "folk=1", "-o", "mixed.mid"), {"file", "retention", "arrival"}),
    (("map", "--model", "melody-2bar", "--dataset", "folk"), {"points", "trustworthiness", "continuity"}),
    (("render", "tune.mid", "-o", "tune.wav"), {"seconds", "peak_db", "lufs"}),
    (("roll", "tune.mid", "-o", "tune.png"), {"pages"}),
    (("recommend",), [{"item", "score", "reasons"}]),
    (("doctor",), {"checks"}),
]


def test_contract(s):
    """Every verb gives the keys of its row, in one value, and at least one line of progress where it has a job."""
    s.write("folk/tune.mid", s.read("tune.mid"))
    s.write("folk/other.mid", s.read("other.mid"))
    if not [m for m in s.json("models") if m["name"] == "melody-2bar"]:
        return
    for args, keys in CONTRACT:
        got = s.json(*args)
        rows, wanted = (got, keys[0]) if isinstance(keys, list) else ([got], keys)
        assert isinstance(got, list) == isinstance(keys, list), (args, got)
        assert rows or args[0] == "recommend", (args, got)
        for row in rows:
            assert set(row) >= wanted, (args, wanted - set(row))
    done = s.run("import", "folk", "--dataset", "again", "--progress")
    lines = [json.loads(line) for line in done.stderr.decode().splitlines()]
    assert lines and lines[-1]["fraction"] == 1.0, lines
    assert [i["title"] for i in s.json("items", "--dataset", "folk", "--search", "another")] == ["Another"]
    assert s.json("items", "--dataset", "folk", "--search", "nothing like it") == []


def test_doctor(s):
    checks = s.json("doctor")["checks"]
    assert {"name", "ok", "detail"} <= set(checks[0])
    assert all(c["ok"] for c in checks), checks


NEED_BUNDLED = {"compose", "contract", "harmonise", "latent", "models", "doctor"}

sys.exit(run_tests(globals(), NEED_BUNDLED))
