"""Radicals in the text tables of a PDF."""

from __future__ import annotations

from ecoredline.processing.maps.pdf_text import with_plain_characters

TABLE = b"begincmap <2F6C> <2F6D> [<2F6C> <2ED4> <2F3E> <76EE> <0031> ] endcmap"


def test_radicals_become_the_characters_that_look_like_them():
    assert with_plain_characters(b"x [<2F6C>] " + TABLE + b" [<2F6C>]") == (
        b"x [<2F6C>] begincmap <2F6C> <2F6D> [<76EE> <95E8> <6237> <76EE> <0031> ] endcmap [<2F6C>]"
    )


def test_the_length_stays():
    assert len(with_plain_characters(TABLE * 3)) == len(TABLE) * 3
