#!/usr/bin/env python3
"""Packaging: the files the desktop reads are whole and agree with one another.

test-packaging.py ROOT   needs nothing but Python; the Flatpak manifest is read where PyYAML is there
"""

import configparser
import pathlib
import re
import sys
import xml.etree.ElementTree as ET

APPLICATION_ID = "io.github.arietta.Arietta"

root = pathlib.Path(sys.argv[1])
data = root / "data"
complaints = []


def expect(true, sentence):
    if not true:
        complaints.append(sentence)


def well_formed():
    files = [f for folder in ("data", "ui", "help")
             for f in (root / folder).rglob("*")
             if f.name.endswith((".xml", ".xml.in", ".ui", ".svg", ".page"))]
    expect(files, "no XML file was found")
    for file in files:
        try:
            ET.parse(file)
        except ET.ParseError as error:
            complaints.append(f"{file.relative_to(root)}: {error}")


def desktop_and_metainfo():
    desktop = configparser.ConfigParser(interpolation=None, comment_prefixes="#")
    desktop.optionxform = str
    desktop.read(data / f"{APPLICATION_ID}.desktop.in", encoding="utf-8")
    entry = desktop["Desktop Entry"]
    expect(entry["Icon"] == APPLICATION_ID, "the desktop file names another icon")
    expect(entry["DBusActivatable"] == "true", "the desktop file does not start over D-Bus")

    metainfo = ET.parse(data / f"{APPLICATION_ID}.metainfo.xml.in").getroot()
    expect(metainfo.findtext("id") == APPLICATION_ID, "the metainfo has another ID")
    expect(metainfo.findtext("launchable") == f"{APPLICATION_ID}.desktop",
           "the metainfo starts another program")
    types = {t.text for t in metainfo.iter("mediatype")}
    expect(types and types <= set(entry["MimeType"].split(";")),
           "the metainfo promises a media type that the desktop file does not open")

    version = re.search(r"version: '([^']+)'", (root / "meson.build").read_text())[1]
    expect(metainfo.find("releases/release").get("version") == version,
           f"the newest release in the metainfo is not the version of meson.build, {version}")

    service = (data / f"{APPLICATION_ID}.service.in").read_text()
    expect(f"Name={APPLICATION_ID}\n" in service, "the D-Bus service has another name")

    mime = ET.parse(data / f"{APPLICATION_ID}.xml.in").getroot()
    ours = [t.get("type") for t in mime.findall("{*}mime-type")]
    expect(ours and set(ours) <= types, "a MIME type of ours is not in the metainfo")


def icons():
    for path, size in ((f"scalable/apps/{APPLICATION_ID}.svg", "128"),
                       (f"symbolic/apps/{APPLICATION_ID}-symbolic.svg", "16")):
        svg = ET.parse(data / "icons/hicolor" / path).getroot()
        expect((svg.get("width"), svg.get("height")) == (size, size), f"{path} is not {size} wide")


def settings():
    schema = ET.parse(data / f"{APPLICATION_ID}.gschema.xml").getroot().find("schema")
    expect(schema.get("id") == APPLICATION_ID, "the settings have another ID")
    keys = set()
    for key in schema.iter("key"):
        keys.add(key.get("name"))
        expect(key.findtext("summary") and key.findtext("description"),
               f"the setting “{key.get('name')}” is not explained")
    # A key that is not there ends the program, and only when it is asked for.
    call = re.compile(r'g_settings_(?:get|set|bind|reset|create)\w*\s*\(\s*[^,"]+,\s*"([^"]+)"')
    unread = set(keys)
    for file in (root / "src").rglob("*.c"):
        text = file.read_text(encoding="utf-8")
        for key in call.findall(text):
            expect(key in keys, f"{file.relative_to(root)} asks for an unknown setting “{key}”")
        unread -= {key for key in unread if f'"{key}"' in text}
    expect(not unread, f"nobody asks for the settings {sorted(unread)}")


def flatpak():
    try:
        import yaml
    except ImportError:
        print("PyYAML is not there: the Flatpak manifest was not read")
        return
    file = root / "flatpak" / f"{APPLICATION_ID}.yml"
    try:
        manifest = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        complaints.append(str(error))
        return
    expect(manifest["id"] == APPLICATION_ID, "the Flatpak has another ID")
    expect(manifest["command"] == "arietta", "the Flatpak starts another program")
    for argument in manifest["finish-args"]:
        expect(not re.match(r"--(share=network|filesystem|device=all)", argument),
               f"the Flatpak may not have {argument}")
    names = [module["name"] for module in manifest["modules"]]
    expect(names[-1] == "arietta" and "fluidsynth" in names, f"the Flatpak builds only {names}")
    for module in manifest["modules"]:
        expect(module["buildsystem"] in ("meson", "cmake", "cmake-ninja", "simple", "autotools"),
               f"{module['name']}: flatpak-builder knows no buildsystem “{module['buildsystem']}”")
        for source in module["sources"]:
            expect(source["type"] == "dir" or "sha256" in source or "commit" in source,
                   f"{module['name']}: a source without a checksum")


for check in (well_formed, desktop_and_metainfo, icons, settings, flatpak):
    check()
if complaints:
    sys.exit("\n".join(complaints))
