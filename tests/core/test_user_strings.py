"""Every string that a user may read stands in both languages, and none says what the product never says."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
import user_strings as found

ROOT = Path(__file__).absolute().parent.parent.parent
WINDOW = ("plugin", "processing/algorithms")
CORE = ("layers", "processing/engine", "processing/report", "processing/rules", "processing/maps")
NAME = "EcoRedline 生态红线筛查"  # of the product, in both languages
# words of data, written and compared, never shown as they are: answers, nature, units of a table
DATA = frozenset(["是", "否", "新建", "改建", "扩建", "技术改造", "迁建", "现有", "未批先建", "生态修复"])
HEADINGS = frozenset(["重叠面积", "距离", "图层"])  # compared with the Chinese half of a text
TABLES = frozenset(["环境影响报告表", "生态环境影响报告表"])  # names of official tables, chosen as such
# names of law, layers and official tables that stay Chinese in English, glossed where they stand
NAMES_IN_ENGLISH = frozenset(["公顷", "亩", "界址点", "桥梁", "隧道", "长江", "数据校验码", "三线一单"])
DATA_TERM = "批复矢量"  # a kind of data (design, section 4), no act of the tool


@pytest.fixture(scope="module")
def window():
    return list(found.modules(ROOT, *WINDOW))


@pytest.fixture(scope="module")
def said():
    trees = found.modules(ROOT, *WINDOW, *CORE)
    return [text for where, tree in trees for text in found.texts(where, tree)]


def test_no_string_reaches_the_user_in_one_language(window):
    known = DATA | HEADINGS | TABLES | {NAME}
    left = [(at, words) for where, tree in window for at, words in found.bare(where, tree) if words not in known]
    assert left == []


def test_every_text_has_both_languages(said):
    assert len(said) > 500
    assert [text for text in said if text.constant and bool(text.zh.strip()) != bool(text.en.strip())] == []
    assert [text.where for text in said if text.crossed] == []


def test_chinese_is_chinese(window):
    for where, tree in window:
        for text in found.texts(where, tree):
            latin = text.constant and any(part.isalpha() for part in text.zh) and not found.CHINESE.search(text.zh)
            assert not latin or text.zh == text.en or text.zh in ("zh",), text


def test_english_holds_chinese_only_as_names(said):
    for text in said:
        assert set(found.CHINESE.findall(text.en)) <= NAMES_IN_ENGLISH | DATA, text


def test_words_that_are_never_said(said, window):
    for text in said:
        assert not found.NEVER.search(text.zh.replace(DATA_TERM, "")), text


@pytest.mark.parametrize(
    ("code", "caught"),
    [
        ('label.setText("Hello")', ["Hello"]),
        ('label.setText(f"共 {n} 条")', ["共 ", " 条"]),
        ('box = QCheckBox("隐去")', ["隐去"]),
        ('tree.setHeaderLabels(["Role", str(Text("状态", "State"))])', ["Role"]),
        ('x = "裸露"', ["裸露"]),
        ('label.setText(str(Text("你好", "Hello")))', []),
        ('label.setText(f"{a} m")', []),
        ('"""模块说明。"""\ndef f():\n    """说明。"""\n', []),
        ('label.setObjectName("name")', []),
    ],
)
def test_the_search_finds_what_it_should_and_no_more(code, caught):
    assert list(dict.fromkeys(words for _, words in found.bare("x", ast.parse(code)))) == caught


def test_the_search_sees_through_a_text():
    (text,) = found.texts("x", ast.parse('Text(f"没有{name.en}的批准", f"no {name.zh}")'))
    assert text.crossed and found.NEVER.search(text.zh)
