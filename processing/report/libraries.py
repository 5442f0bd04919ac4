"""The door to the libraries that make papers: the system's own first, else the copies packed with the plugin.

Everything in this room imports python-docx, docxtpl, Jinja2 and openpyxl by their plain names, after `open_vendor`.
"""

from __future__ import annotations

from importlib import import_module

from ...layers.errors import MissingLibraryError
from ...layers.texts import Text
from ...layers.vendored import open_vendor

WORD = (("lxml", "lxml"), ("docx", "python-docx"), ("jinja2", "Jinja2"), ("docxtpl", "docxtpl"))
EXCEL = (("openpyxl", "openpyxl"),)


def need(packages: tuple[tuple[str, str], ...], purpose: Text) -> None:
    """Import the modules that a purpose needs, so that a missing one is told before any work is done.

    Parameters
    ----------
    packages : tuple of (module, package)
        For instance `WORD`.
    purpose : Text
        What cannot be done without them, such as “writing docx”.

    Raises
    ------
    MissingLibraryError
        If one is absent; it names the package and how to get it.
    """
    open_vendor()
    for module, package in packages:
        try:
            import_module(module)
        except ImportError as error:
            raise MissingLibraryError(
                Text(
                    f"{purpose.zh}需要 Python 库 {package}，此环境中没有",
                    f"{purpose.en} needs the Python package {package}",
                ),
                Text(str(error), str(error)),
                Text(
                    f"请安装 {package}（如 python -m pip install {package}），或选用不需要它的格式（如 html）。",
                    f"Install {package} (for instance python -m pip install {package}), "
                    "or choose a format that does without it, such as html.",
                ),
            ) from error
