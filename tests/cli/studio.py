"""What the tests of the command line share: tunes, a library that goes away, and the speaking of TAP."""

import json
import os
import struct
import subprocess
import sys
import tempfile
import unittest

CLI = os.path.abspath(sys.argv[1])
PATIENCE = 120      # seconds; many times what anything here takes


def vlq(n):
    out = [n & 0x7f]
    while n > 0x7f:
        n >>= 7
        out.append(n & 0x7f | 0x80)
    return bytes(reversed(out))


def midi(pitches, tpq=480, title=b"A tune", length=240):
    """A format 1 file with one line of notes."""
    def chunk(kind, body):
        return kind + struct.pack(">I", len(body)) + body
    head = b"\0\xff\x03" + vlq(len(title)) + title + b"\0\xff\x58\x04\x04\x02\x18\x08" + b"\0\xff\x51\x03\x07\xa1\x20" + b"\0\xff\x2f\0"
    line = b"\0\xff\x03" + vlq(len(title)) + title
    for p in pitches:
        line += b"\0" + bytes([0x90, p, 90]) + vlq(length) + bytes([0x80, p, 64])
    line += b"\0\xff\x2f\0"
    return chunk(b"MThd", struct.pack(">HHH", 1, 2, tpq)) + chunk(b"MTrk", head) + chunk(b"MTrk", line)


TUNE = [60, 62, 64, 65, 67, 65, 64, 62, 60, 64, 67, 72, 71, 67, 64, 60] * 2
OTHER = [67, 71, 74, 71, 67, 66, 64, 62, 67, 69, 71, 72, 74, 71, 69, 67] * 2


class Studio:
    """A library of its own in a folder that goes away."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="arietta-cli-")
        self.env = dict(os.environ, LC_ALL="C.UTF-8", ARIETTA_DATA_DIR=os.path.join(self.folder.name, "library"))
        self.write("tune.mid", midi(TUNE))
        self.write("other.mid", midi(OTHER, title=b"Another"))

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def write(self, name, data):
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        with open(self.path(name), "wb") as f:
            f.write(data)

    def read(self, name):
        with open(self.path(name), "rb") as f:
            return f.read()

    def start(self, *args, **options):
        """A process of its own, to be met while it works."""
        settings = dict(cwd=self.folder.name, env=self.env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                        stderr=subprocess.PIPE)
        return subprocess.Popen([CLI, *args], **(settings | options))

    def run(self, *args, **options):
        settings = dict(cwd=self.folder.name, env=self.env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                        stderr=subprocess.PIPE, timeout=PATIENCE)
        return subprocess.run([CLI, *args], **(settings | options))

    def json(self, *args, code=0, **options):
        done = self.run(*args, "--json", **options)
        assert done.returncode == code, f"{args}: exit {done.returncode}, {done.stderr.decode()}"
        return json.loads(done.stdout)      # exactly one value, or this complains

    def fails(self, *args, naming=None, **options):
        """The work failed: exit 1, a sentence on standard error, and with --json an error object too."""
        done = self.run(*args, **options)
        assert done.returncode == 1, f"{args}: exit {done.returncode}, {done.stderr.decode()}"
        sentence = done.stderr.decode().splitlines()[-1]
        assert sentence.startswith("arietta-cli: ") and len(sentence) > 35 and sentence[-1] in ".?", sentence
        assert naming is None or naming in sentence, sentence
        error = self.json(*args, code=1, **options)["error"]
        assert set(error) >= {"domain", "code", "message", "file", "place"}, error
        return error

    def refused(self, *args):
        """Wrong usage: exit 2 and a sentence, with --json an error object too."""
        done = self.run(*args)
        assert done.returncode == 2, f"{args}: exit {done.returncode}"
        assert len(done.stderr.splitlines()[0]) > 20, done.stderr
        error = self.json(*args, code=2)["error"]
        assert set(error) >= {"domain", "code", "message", "file", "place"}, error


def run_tests(tests, need_bundled=()):
    """Runs the functions test_* of a program's globals, or those named on its command line. The exit code.
    One that raises unittest.SkipTest could not be run here."""
    names = sys.argv[2:] or [n[5:] for n in tests if n.startswith("test_")]
    print(f"1..{len(names)}")
    failed = 0
    bundled = os.path.exists(os.path.join(os.environ.get("ARIETTA_MODELS_DIR", "models"), "melody-2bar.safetensors"))
    for i, name in enumerate(names, 1):
        if name in need_bundled and not bundled:
            print(f"ok {i} {name} # SKIP the bundled model is not here", flush=True)
            continue
        studio = Studio()
        try:
            tests["test_" + name](studio)
            print(f"ok {i} {name}", flush=True)
        except unittest.SkipTest as e:
            print(f"ok {i} {name} # SKIP {e}", flush=True)
        except (AssertionError, KeyError, IndexError, ValueError, OSError, subprocess.TimeoutExpired) as e:
            failed += 1
            print(f"not ok {i} {name}\n# {type(e).__name__}: {str(e)[:2000]}", flush=True)
        finally:
            studio.folder.cleanup()
    return failed > 0
