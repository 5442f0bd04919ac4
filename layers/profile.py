"""Check profiles (核查清单): the roles that must be checked, those that may be, and those left out with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .declarations import check_keys, close_words, load_toml, table_of, tables_of, text_of, texts_of
from .errors import LayerSetError
from .role import role, roles
from .texts import Text

FOLDER = Path(__file__).parent / "profiles"
DEFAULT = "default"


@dataclass(frozen=True)
class CheckProfile:
    """Which roles are checked.

    Attributes
    ----------
    id : str
        The id.
    name : Text
        The name printed.
    required, optional : tuple of str
        Role ids, without overlap.
    dropped : tuple of (str, str)
        Roles required by default and left out here, with the reason printed in every paper.
    """

    id: str
    name: Text
    required: tuple[str, ...]
    optional: tuple[str, ...]
    dropped: tuple[tuple[str, str], ...] = ()


def profile_file(id_or_path: str | Path | None) -> Path:
    """Return the file of a profile given by id or path.

    Raises
    ------
    LayerSetError
        There is no such profile.
    """
    wanted = str(id_or_path) if id_or_path else DEFAULT
    shipped = {path.stem: path for path in FOLDER.glob("*.toml")}
    if wanted in shipped:
        return shipped[wanted]
    if wanted.endswith(".toml"):
        return Path(wanted)
    raise LayerSetError(
        Text(f"没有核查清单 {wanted!r}", f"There is no check profile {wanted!r}"),
        remedy=Text(
            f"可用：{close_words(wanted, shipped)}，或写一个 .toml 文件的路径。",
            f"There are: {close_words(wanted, shipped)}; or give the path of a .toml file.",
        ),
    )


def _dropped(table: Mapping[str, object], where: str) -> tuple[tuple[str, str], ...]:
    found = []
    for entry in tables_of(table, "dropped", where):
        check_keys(entry, ("role", "reason"), f"{where} [[dropped]]")
        found.append((role(text_of(entry, "role", where)).id, text_of(entry, "reason", f"{where} [[dropped]]")))
    return tuple(found)


def _check(profile: CheckProfile, where: str) -> None:
    gone = [id_ for id_, _ in profile.dropped]
    everywhere = [*profile.required, *profile.optional, *gone]
    double = sorted({id_ for id_ in everywhere if everywhere.count(id_) > 1})
    if double:
        listed = ", ".join(double)
        raise LayerSetError(
            Text(f"{where}：角色重复：{listed}", f"{where}: roles stand more than once: {listed}"),
            remedy=Text(
                "required、optional、dropped 中每个角色只写一次。",
                "Name each role once among required, optional and dropped.",
            ),
        )
    if profile.id == DEFAULT:
        return
    silent = [id_ for id_ in load_profile(DEFAULT).required if id_ not in (*profile.required, *gone)]
    if silent:
        listed = ", ".join(silent)
        raise LayerSetError(
            Text(
                f"{where}：默认必查的角色被去掉而没有理由：{listed}",
                f"{where}: roles required by default are dropped without a reason: {listed}",
            ),
            remedy=Text(
                "请加入 required，或写 [[dropped]] role、reason。",
                "Add them to required, or write [[dropped]] with role and reason.",
            ),
        )


def load_profile(id_or_path: str | Path | None = None) -> CheckProfile:
    """Return a check profile by id or path; None gives the default one.

    Without the key ``optional`` every other role that restricts projects is optional.

    Raises
    ------
    LayerSetError
        There is no such profile, a role is unknown or stands twice, or a role
        required by default is left out without a reason.
    """
    path = profile_file(id_or_path)
    where = str(path)
    table = load_toml(path)
    check_keys(table, ("id", "name", "required", "optional", "dropped"), where)
    names = table_of(table, "name", where)
    required = tuple(role(id_).id for id_ in texts_of(table, "required", where))
    dropped = _dropped(table, where)
    if "optional" in table:
        optional = tuple(role(id_).id for id_ in texts_of(table, "optional", where))
    else:
        taken = {*required, *(id_ for id_, _ in dropped)}
        optional = tuple(id_ for id_, each in roles().items() if each.restriction and id_ not in taken)
    profile = CheckProfile(
        text_of(table, "id", where),
        Text(text_of(names, "zh", where), text_of(names, "en", where)),
        required,
        optional,
        dropped,
    )
    _check(profile, where)
    return profile
