#!/usr/bin/env python3
"""Write what NAME.licences says into the card NAME.json, both in this folder.

    complete-card.py NAME

A folder is imported under one licence; where its pieces have several, or ask for credit by name, the
file NAME.licences states so for a style, or in [*] for every style it does not name.  Everything else on the card stays as the training wrote it.
Running it twice changes nothing more.
"""

import configparser
import json
import pathlib
import sys


def complete(card, stated):
    rows = {row["style"]: row for row in card["data"]}
    unknown = set(stated.sections()) - set(rows) - {"*"}
    if unknown:
        raise SystemExit(f"The card has no style {', '.join(sorted(unknown))}.")
    for style, row in rows.items():
        if style not in stated and "*" not in stated:
            continue
        said = stated[style if style in stated else "*"]
        row["licences"] = sorted(word.strip() for word in said["licences"].split(";"))
        row["attribution"] = said["attribution"]
        if "note" in said:
            row["note"] = said["note"]


def main(name):
    folder = pathlib.Path(__file__).parent
    path = folder / f"{name}.json"
    stated = configparser.ConfigParser(interpolation=None)
    stated.read_string((folder / f"{name}.licences").read_text(encoding="utf-8"))
    card = json.loads(path.read_text(encoding="utf-8"))
    complete(card, stated)
    path.write_text(json.dumps(card, indent=2, separators=(",", " : "), ensure_ascii=False),
                    encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    main(sys.argv[1])
