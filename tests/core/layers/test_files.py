"""File names that every system accepts and that lead back to the site; files that are whole or absent."""

from __future__ import annotations

from pathlib import Path

import pytest
from ecoredline.layers.errors import DossierError
from ecoredline.layers.files import file_stem, file_stems, site_of, whole_file
from hypothesis import given
from hypothesis import strategies as st

REFUSED = set('<>:"/\\|?*') | {chr(code) for code in range(32)}


@given(st.text(max_size=40))
def test_a_name_is_safe_and_leads_back(site_id: str) -> None:
    for stem in (file_stem(site_id), file_stem(site_id, escape_case=True)):
        assert stem and not REFUSED & set(stem)
        assert stem not in (".", "..") and stem[0] not in ". " and stem[-1] not in ". "
        assert len(stem.encode()) <= 255 - len(".part-12345678.docx")
        if "~" not in stem:
            assert site_of(stem) == site_id


@given(st.lists(st.text(alphabet="aAbB/%ßsS2Fé", min_size=1, max_size=4), unique=True, max_size=12))
def test_no_two_sites_share_a_file_where_case_is_ignored(site_ids: list[str]) -> None:
    stems = [stem.casefold() for stem in file_stems(site_ids).values()]
    assert len(set(stems)) == len(site_ids)


@pytest.mark.parametrize("name", ["CON", "nul", "com1.x", "LPT9", ".", "..", " ", "", "../../etc/passwd", "C:\\x"])
def test_names_with_a_meaning_lose_it(name: str) -> None:
    stem = file_stem(name)
    assert stem.split(".")[0].lower() not in {"con", "nul", "com1", "lpt9"}
    assert "/" not in stem and "\\" not in stem and not stem.startswith(".")
    assert site_of(stem) == name


def test_long_names_are_cut_apart() -> None:
    first, second = file_stem("地块" * 100 + "1"), file_stem("地块" * 100 + "2")
    assert first != second
    assert len(first.encode()) <= 180


def test_a_failing_writer_leaves_the_old_file_and_no_other(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old")
    with pytest.raises(ZeroDivisionError), whole_file(path) as temporary:
        temporary.write_text("half")
        raise ZeroDivisionError
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]
    assert path.read_text() == "old"


def test_a_whole_file_replaces_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old")
    with whole_file(path) as temporary:
        temporary.write_text("new")
        assert path.read_text() == "old"
    assert path.read_text() == "new"
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]


def test_an_absent_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(DossierError, match="absent") as caught, whole_file(tmp_path / "absent" / "a.txt"):
        pass
    assert caught.value.remedy.zh and caught.value.remedy.en
