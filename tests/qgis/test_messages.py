"""One door for what the plugin says."""

from __future__ import annotations

from ecoredline.layers.errors import SourceError
from ecoredline.layers.texts import Text


def test_error_shows_headline_cause_and_remedy_in_bar_and_log(qgis):
    from ecoredline.plugin.messages import TAG, Messages
    from qgis.core import Qgis, QgsApplication
    from qgis.gui import QgsMessageBar

    class Window:
        bar = QgsMessageBar()

        def messageBar(self):
            return self.bar

    logged = []
    QgsApplication.messageLog().messageReceived.connect(lambda *args: logged.append(args))
    Messages(Window()).error(SourceError(Text("标题", "head"), Text("原因", "cause"), Text("办法", "remedy")))
    item = Window.bar.currentItem()
    assert (item.title(), item.text()) in [("head", "cause remedy"), ("标题", "原因 办法")]
    assert item.level() == Qgis.MessageLevel.Critical
    assert item.duration() == 0
    ((text, level),) = [(text, level) for text, tag, level, *_ in logged if tag == TAG]
    assert text.splitlines() in [["head", "cause", "remedy"], ["标题", "原因", "办法"]]
    assert level == Qgis.MessageLevel.Critical


def test_without_a_window_the_log_still_hears(qgis):
    from ecoredline.plugin.messages import Messages
    from qgis.core import QgsApplication

    logged = []
    QgsApplication.messageLog().messageReceived.connect(lambda *args: logged.append(args[0]))
    Messages(None).show(Text("只有标题", "only a headline"))
    assert logged[-1] in ("only a headline", "只有标题")
