"""EcoRedline 生态红线筛查: the plugin package. Written for any Python 3, so that an old one meets a sentence."""

import sys


def classFactory(iface):
    """Return the plugin; QGIS calls this when it loads it."""
    if sys.version_info < (3, 11):
        raise RuntimeError(
            "EcoRedline 需要 Python 3.11 及以上（QGIS 3.40 起自带），当前为 {0}。 "
            "EcoRedline needs Python 3.11 or later, as QGIS brings since 3.40; this is {0}.".format(
                ".".join(str(part) for part in sys.version_info[:3])
            )
        )
    from .plugin.main import EcoRedlinePlugin

    return EcoRedlinePlugin(iface)
