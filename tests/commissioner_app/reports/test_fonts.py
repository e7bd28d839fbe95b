"""Fonts: coverage, stand-ins, subsets, what no font has."""

from pathlib import Path

import pytest

from commissioner_app.reports import fonts as fonts_module
from commissioner_app.reports.fonts import BUNDLED, FontSet, system_font
from commissioner_app.reports.ttf import FontError, FontFile

RARE = "𬭎𬸚㛃䶮𬍡𠅤"


def test_every_bundled_font_has_its_licence_and_may_be_embedded() -> None:
    files = sorted(BUNDLED.glob("*.ttf"))
    assert len(files) == 5
    for path in files:
        assert (BUNDLED / f"OFL-{path.stem.split('-')[0]}.txt").exists()
        assert FontFile(path).embeddable


def test_rare_characters_of_names_are_drawn_in_every_role(fonts: FontSet) -> None:
    for role in (fonts.body, fonts.title, fonts.hei, fonts.kai, fonts.song, fonts.sans):
        for char in RARE:
            assert role.file_of(char).has(char)
    assert fonts.missing("科技特派员演示" + RARE + "\n \u200b") == set()


def test_a_character_that_a_font_lacks_comes_from_another(fonts: FontSet) -> None:
    ideographs = (code for code in sorted(fonts.song.file.cmap) if code > 0x4E00)
    lacking = next(chr(code) for code in ideographs if code not in fonts.kai.file.cmap)
    found = fonts.kai.file_of(lacking)
    assert found is not fonts.kai.file and found.has(lacking)
    assert [text for _, text in fonts.kai.runs(f"甲{lacking}乙")] == ["甲", lacking, "乙"]


def test_what_no_font_has_is_named(fonts: FontSet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts_module, "_system_font_with", lambda char: None)
    assert fonts.missing("名\ue863字\U0001f9ff") == {"\ue863", "\U0001f9ff"}


def test_chinese_quotes_are_one_em_wide_in_every_role(fonts: FontSet) -> None:
    for role in (fonts.body, fonts.title, fonts.hei, fonts.kai, fonts.song):
        assert role.width("“”") == pytest.approx(2)


def test_a_subset_keeps_the_glyphs_asked_for_only() -> None:
    font = FontFile(BUNDLED / "NotoSerifSC-Regular.ttf")
    glyphs = [font.cmap[ord(char)] for char in "科技𬭎A"]
    program, new = font.subset(glyphs)
    assert len(program) < 20_000
    assert [new[glyph] for glyph in glyphs] == [1, 2, 3, 4]


def test_files_that_are_no_truetype_fonts_are_refused(tmp_path: Path) -> None:
    for content in (b"", b"OTTO" + bytes(100), b"\x00\x01\x00\x00\x00\x09" + bytes(10)):
        path = tmp_path / "bad.ttf"
        path.write_bytes(content)
        with pytest.raises(FontError):
            FontFile(path)


def test_system_fonts_are_found_by_family_name_and_only_if_embeddable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = (BUNDLED / "LXGWWenKai-Regular.ttf").read_bytes()
    font = FontFile(BUNDLED / "LXGWWenKai-Regular.ttf")
    family = min(font.names[1])
    (tmp_path / "free.ttf").write_bytes(data)
    monkeypatch.setattr(fonts_module, "_font_folders", lambda: [tmp_path])
    _forget()
    found = system_font((family,))
    assert found is not None and found.path == tmp_path / "free.ttf"
    restricted = bytearray(data)
    at = font._at("OS/2") + 8
    restricted[at : at + 2] = b"\x00\x02"
    (tmp_path / "free.ttf").write_bytes(restricted)
    _forget()
    assert system_font((family,)) is None
    monkeypatch.undo()
    _forget()


def _forget() -> None:
    for cached in (fonts_module._system_fonts, fonts_module.system_font, fonts_module._system_font_with):
        cached.cache_clear()
