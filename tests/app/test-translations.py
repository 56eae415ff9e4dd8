#!/usr/bin/env python3
"""Translations: every file with words for people is listed, every listed language is complete.

test-translations.py ROOT files       po/POTFILES.in names all of them, and only them
test-translations.py ROOT write       writes po/POTFILES.in (used by ./dev pot)
test-translations.py ROOT complete    each language of po/LINGUAS and help/LINGUAS: no string of the
                                      sources missing, untranslated or fuzzy, formats as they must be
"""

import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

# What meson's preset "glib" gives xgettext; ./dev pot and this test must find the same strings.
XGETTEXT = ["xgettext", "--from-code=UTF-8", "--add-comments",
            "--keyword=_", "--keyword=N_", "--keyword=C_:1c,2", "--keyword=NC_:1c,2",
            "--keyword=g_dcgettext:2", "--keyword=g_dngettext:2,3", "--keyword=g_dpgettext2:2c,3",
            "--flag=N_:1:pass-c-format", "--flag=C_:2:pass-c-format",
            "--flag=NC_:2:pass-c-format", "--flag=g_dngettext:2:pass-c-format",
            "--flag=g_strdup_printf:1:c-format", "--flag=g_string_printf:2:c-format",
            "--flag=g_string_append_printf:2:c-format", "--flag=g_set_error:4:c-format"]

C_CALL = re.compile(r'\b(_|N_|C_|NC_|Q_|ngettext|g_dngettext|g_dpgettext2)\s*\(\s*"')
# xgettext does not know macros: "Step %" G_GINT64_FORMAT reaches translators as "Step %".
CUT_OFF = re.compile(r'\b(?:_|N_|C_|NC_)\s*\((?:\s*"(?:[^"\\]|\\.)*")+\s*[A-Z_]')
COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)


def has_words(path, text):
    """Whether a file holds strings that a translator must see."""
    if path.suffix in (".c", ".h"):
        return bool(C_CALL.search(COMMENT.sub("", text)))
    if path.suffix == ".ui":
        return bool(re.search(r'translatable="(yes|true|1)"', text))
    return path.name.endswith((".desktop.in", ".metainfo.xml.in", ".xml.in"))


def files_with_words(root):
    found = []
    for folder, patterns in (("data", ["*.in"]), ("src", ["*.c", "*.h"]), ("ui", ["*.ui"])):
        for pattern in patterns:
            for file in (root / folder).rglob(pattern):
                if has_words(file, file.read_text(encoding="utf-8")):
                    found.append(file.relative_to(root).as_posix())
    return sorted(found)


def lines(path):
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    return [line.strip() for line in text.splitlines() if line.strip() and line[0] != "#"]


def check_files(root):
    listed, found = lines(root / "po/POTFILES.in"), files_with_words(root)
    complaints = [f"{f} has words for people: add it to po/POTFILES.in"
                  for f in found if f not in listed]
    complaints += [f"{f} is in po/POTFILES.in, but is not there or has no words"
                   for f in listed if f not in found]
    complaints += [f"{f} stands twice in po/POTFILES.in"
                   for f in sorted(set(listed)) if listed.count(f) > 1]
    complaints += [f"{f}: a macro cuts off “{cut}”: put the number into a string of its own first"
                   for f in found if f.endswith((".c", ".h"))
                   for cut in CUT_OFF.findall((root / f).read_text(encoding="utf-8"))]
    return complaints


def run(*command):
    """The first of the command's complaints, or nothing when it was content."""
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode == 0:
        return []
    said = [line for line in done.stderr.splitlines() if "warning:" not in line]
    return said[:20] + ([f"… and {len(said) - 20} more"] if len(said) > 20 else [])


def compare(po, pot):
    """Complaints about one language against freshly gathered strings."""
    if not po.exists():
        return [f"{po} is not there"]
    return (run("msgfmt", "--check", "-o", "/dev/null", str(po))
            or run("msgcmp", str(po), str(pot)))


def gather(root, pot):
    return run(*XGETTEXT, "-D", str(root), "-f", str(root / "po/POTFILES.in"), "-o", str(pot))


def check_complete(root, scratch):
    complaints = gather(root, scratch / "program.pot")
    for language in lines(root / "po/LINGUAS"):
        complaints += compare(root / f"po/{language}.po", scratch / "program.pot")

    if shutil.which("itstool") and (root / "help").is_dir():
        pages = sorted(str(page) for page in (root / "help/C").glob("*.page"))
        pages += [str(root / "help/C/legal.xml")]
        complaints += run("itstool", "-o", str(scratch / "help.pot"), *pages)
        for language in lines(root / "help/LINGUAS"):
            complaints += compare(root / f"help/{language}/{language}.po", scratch / "help.pot")
    return complaints


def try_on_a_made_up_tree(scratch):
    """The checks must see a file that is not listed, and a string that is not translated."""
    root = scratch / "root"
    for folder in ("po", "src", "ui", "data"):
        (root / folder).mkdir(parents=True)
    (root / "src/a.c").write_text('/* _("no") */ puts (_("Play")); puts (_("Stop"));\n')
    (root / "src/b.c").write_text("/* nothing */\n")
    (root / "ui/a.ui").write_text('<p translatable="yes">Play</p>\n')
    (root / "po/POTFILES.in").write_text("src/a.c\nsrc/b.c\n")
    seen = check_files(root)
    assert len(seen) == 2 and "ui/a.ui" in seen[0] and "src/b.c" in seen[1], seen

    (root / "src/a.c").write_text('g (_("Step %" G_GINT64_FORMAT), _("a" "b"), A);\n')
    (root / "po/POTFILES.in").write_text("src/a.c\nui/a.ui\n")
    seen = check_files(root)
    assert len(seen) == 1 and "Step %" in seen[0], seen

    (root / "src/a.c").write_text('/* _("no") */ puts (_("Play")); puts (_("Stop"));\n')
    (root / "po/POTFILES.in").write_text("src/a.c\n")
    (root / "po/LINGUAS").write_text("# none\nxx\n")
    head = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
    whole = head + 'msgid "Play"\nmsgstr "a"\nmsgid "Stop"\nmsgstr "b"\n'
    for text, good in ((whole, True),
                       (whole.replace('"b"', '""'), False),
                       (whole.replace('msgid "Stop"', '#, fuzzy\nmsgid "Stop"'), False),
                       (head, False)):
        (root / "po/xx.po").write_text(text)
        seen = check_complete(root, scratch)
        assert (not seen) == good, (text, seen)


root = pathlib.Path(sys.argv[1])
with tempfile.TemporaryDirectory() as folder:
    scratch = pathlib.Path(folder)
    if sys.argv[2] == "write":
        (root / "po/POTFILES.in").write_text("\n".join(files_with_words(root)) + "\n")
        sys.exit()
    try_on_a_made_up_tree(scratch)
    complaints = check_files(root) if sys.argv[2] == "files" else check_complete(root, scratch)
if complaints:
    sys.exit("\n".join(complaints)
             + "\n`tests/app/test-translations.py . write` lists the files; `./dev pot` does that and"
               " brings the .po files up to date.")
