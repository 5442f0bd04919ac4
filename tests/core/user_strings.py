"""Finds, in the source, every string that a user may read."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

CHINESE = re.compile(r"[㐀-鿿]+")
NEVER = re.compile(
    "准予|同意|批准|不予批准|通过|不通过|合格|合法|违法|认定|鉴定|证明|批复|审查意见|选址意见|无影响|完全符合"
)
# what takes a text to the screen: methods, and constructors whose first text is shown
SHOWING = re.compile(
    "(set(Text|ToolTip|WindowTitle|PlaceholderText|AccessibleName|AccessibleDescription|StatusTip|Title|Label|Suffix"
    "|HeaderLabels|HorizontalHeaderLabels|Prefix|SpecialValueText|WhatsThis|DialogTitle|Filter|ItemText|TabText"
    "|TabToolTip|InformativeText|DetailedText|LabelText|ProgressText)|add(Tab|Action|Menu|Item|Items|Row)|insertItem"
    "|showMessage|push(Message|Info|Warning)|reportError|warning|information|question|critical|get(Text|Item)"
    "|get(OpenFileName|SaveFileName|ExistingDirectory)|Q(Action|Label|PushButton|ToolButton|CheckBox|RadioButton)"
    "|Q(GroupBox|DockWidget|Menu|ToolBar|TreeWidgetItem|ListWidgetItem|TableWidgetItem)|QgsProcessingException)"
)


@dataclass(frozen=True)
class Said:
    """A `Text(zh, en)` call: the constant parts of both languages, and whether one borrows the other's words."""

    where: str
    zh: str
    en: str
    crossed: bool
    constant: bool


def modules(root: Path, *folders: str) -> Iterator[tuple[str, ast.Module]]:
    """Yield name and syntax tree of every module below the folders."""
    for folder in folders:
        for path in sorted((root / folder).rglob("*.py")):
            if "vendor" not in path.parts:
                yield str(path.relative_to(root)), ast.parse(path.read_text(encoding="utf-8"))


def name_of(call: ast.Call) -> str:
    """Return the last part of what is called."""
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def constant_parts(node: ast.AST) -> str:
    """Return the literal parts of an expression, joined; those inside calls and subscripts do not count."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    if isinstance(node, ast.JoinedStr):
        return "".join(constant_parts(value) for value in node.values)
    if isinstance(node, ast.BinOp):
        return constant_parts(node.left) + constant_parts(node.right)
    if isinstance(node, ast.IfExp):
        return constant_parts(node.body) + constant_parts(node.orelse)
    return ""


def texts(where: str, tree: ast.Module) -> Iterator[Said]:
    """Yield every `Text(zh, en)`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and name_of(node) == "Text" and len(node.args) == 2:
            zh, en = node.args
            crossed = any(
                isinstance(part, ast.Attribute) and part.attr == other
                for side, other in ((zh, "en"), (en, "zh"))
                for part in ast.walk(side)
            )
            constant = all(isinstance(side, ast.Constant) for side in node.args)
            yield Said(f"{where}:{node.lineno}", constant_parts(zh), constant_parts(en), crossed, constant)


def bare(where: str, tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Yield literals that reach the user in one language only: shown by a call, or Chinese outside a `Text`."""
    inside = _inside_texts(tree) | _documentation(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and SHOWING.fullmatch(name_of(node)):
            for argument in _arguments(node):
                words = constant_parts(argument)
                if id(argument) not in inside and re.search(r"[A-Za-z㐀-鿿]{2}", words):
                    yield f"{where}:{node.lineno}", words
        elif id(node) not in inside and CHINESE.search(constant_parts(node) if isinstance(node, ast.Constant) else ""):
            yield f"{where}:{node.lineno}", node.value


def _arguments(call: ast.Call) -> Iterator[ast.AST]:
    for argument in [*call.args, *(keyword.value for keyword in call.keywords)]:
        yield from argument.elts if isinstance(argument, ast.List | ast.Tuple) else (argument,)


def _inside_texts(tree: ast.Module) -> set[int]:
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call) and name_of(node) == "Text")
    return {id(part) for call in calls for part in ast.walk(call)}


def _documentation(tree: ast.Module) -> set[int]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node) is not None:
            found.add(id(node.body[0].value))
    return found
