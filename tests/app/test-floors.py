#!/usr/bin/env python3
"""Floors: a file includes its own folder and lower floors, by folder-qualified path.

test-floors.py SRC    fails on every #include in SRC that says otherwise.  Before it reads SRC it is
tried on made-up sources with one fault each; a check that cannot fail would be worth nothing.
"""

import pathlib
import re
import sys
import tempfile

# As in the design: folders that share a number do not know each other.
FLOORS = {
    "base": 0,
    "math": 1, "music": 1,
    "analysis": 2, "formats": 2, "nn": 2, "signal": 2,
    "encoding": 3,
    "audio": 4, "drawing": 4, "learning": 4, "library": 4,
    "studio": 5,
    "widgets": 6,
    "views": 7,
    "app": 8, "cli": 8,
}
TOP = 9  # src/main.c starts the application
GTK_FROM = FLOORS["widgets"]

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
GTK = re.compile(r"^(gtk|gdk|gsk|adwaita|libadwaita|adw)([/.-]|$)")


def complaint(src, path, quote, name):
    """What is wrong with one include of one file, or None."""
    folder = path.parts[0] if len(path.parts) > 1 else None
    if folder is not None and folder not in FLOORS:
        return f"the folder “{folder}” has no floor"
    floor = FLOORS.get(folder, TOP)

    if quote == "<":
        if GTK.match(name) and (floor < GTK_FROM or folder == "cli"):
            return "GTK starts with widgets/, and the command line does without"
        return None
    if name == "config.h":
        return None
    if "/" not in name:
        return "name the folder too"

    target = name.split("/")[0]
    if target not in FLOORS:
        return f"“{target}” is no folder of ours"
    if not (src / name).is_file():
        return "there is no such file"
    if target == folder:
        return None
    if FLOORS[target] == floor:
        return f"{folder}/ and {target}/ share a floor and do not know each other"
    if FLOORS[target] > floor:
        return f"runs up from floor {floor} to floor {FLOORS[target]}"
    if folder == "cli" and FLOORS[target] >= GTK_FROM:
        return "the command line does without the window's floors"
    return None


def check(src):
    """All complaints about the tree, and how many includes were read."""
    complaints, n_read = [], 0
    for file in sorted([*src.rglob("*.c"), *src.rglob("*.h")]):
        path = file.relative_to(src)
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            match = INCLUDE.match(line)
            if not match:
                continue
            n_read += 1
            wrong = complaint(src, path, *match.groups())
            if wrong:
                complaints.append(f"src/{path}:{number}: {match[2]}: {wrong}")
    return complaints, n_read


def try_on_made_up_trees():
    """One line of C in one file, and whether it may stand there."""
    cases = [
        ("music/a.c", '#include "base/x.h"', True),
        ("music/a.c", '#include "music/x.h"', True),
        ("music/a.c", "#include <glib.h>", True),
        ("widgets/a.c", "#include <gtk/gtk.h>", True),
        ("cli/a.c", '#include "studio/x.h"', True),
        ("main.c", '#include "app/x.h"', True),
        ("music/a.c", '#include "studio/x.h"', False),
        ("music/a.c", '  #  include "formats/x.h"', False),
        ("audio/a.c", '#include "drawing/x.h"', False),
        ("app/a.c", '#include "cli/x.h"', False),
        ("music/a.h", '#include "x.h"', False),
        ("music/a.h", '#include "music/missing.h"', False),
        ("drawing/a.c", "#include <gtk/gtk.h>", False),
        ("studio/a.h", "#include <adwaita.h>", False),
        ("cli/a.c", "#include <gdk/gdk.h>", False),
        ("cli/a.c", '#include "widgets/x.h"', False),
        ("attic/a.c", '#include "base/x.h"', False),
    ]
    for file, line, allowed in cases:
        with tempfile.TemporaryDirectory() as folder:
            src = pathlib.Path(folder)
            for name in FLOORS:
                (src / name).mkdir()
                (src / name / "x.h").touch()
            (src / file).parent.mkdir(exist_ok=True)
            (src / file).write_text(line + "\n", encoding="utf-8")
            complaints, _ = check(src)
            if bool(complaints) == allowed:
                sys.exit(f"this check is broken: {line} in {file} gave {complaints}")


try_on_made_up_trees()
complaints, n_read = check(pathlib.Path(sys.argv[1]))
if n_read == 0:
    sys.exit(f"no include was found below {sys.argv[1]}")
print(f"{n_read} includes read")
if complaints:
    sys.exit("\n".join(complaints))
