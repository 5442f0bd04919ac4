"""A composed layout as a file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from qgis.core import Qgis, QgsLayoutExporter, QgsPrintLayout

from ...layers.texts import Text
from .errors import MapError
from .pdf_text import with_plain_characters


def write_page(layout: QgsPrintLayout, path: Path, format_: str, dpi: int) -> QgsLayoutExporter:
    """Write a page and return the exporter, which knows where labels were set.

    Raises
    ------
    MapError
        The file could not be written.
    """
    layout.renderContext().setDpi(dpi)
    exporter = QgsLayoutExporter(layout)
    if format_ == "pdf":
        settings = QgsLayoutExporter.PdfExportSettings()
        settings.dpi = dpi
        settings.forceVectorOutput = True
        settings.textRenderFormat = Qgis.TextRenderFormat.AlwaysText
        settings.appendGeoreference = False
        settings.exportMetadata = False
        written = exporter.exportToPdf(str(path), settings) == QgsLayoutExporter.ExportResult.Success
        path.write_bytes(with_plain_characters(path.read_bytes()))
    else:
        image = QgsLayoutExporter.ImageExportSettings()
        image.dpi = dpi
        image.exportMetadata = False
        image.generateWorldFile = False
        with _gdal_silent():
            written = exporter.exportToImage(str(path), image) == QgsLayoutExporter.ExportResult.Success
    if not written or not path.stat().st_size:
        reason = exporter.errorMessage()
        raise MapError(
            Text("地图写入失败", "the map could not be written"),
            Text(reason, reason),
            Text("请检查磁盘空间与写入权限。", "Check space and rights of the disk."),
        )
    return exporter


@contextmanager
def _gdal_silent() -> Iterator[None]:
    """Keep GDAL from printing that a png cannot be georeferenced, which QGIS tries with every picture of a map."""
    from osgeo import gdal

    gdal.PushErrorHandler("CPLQuietErrorHandler")
    try:
        yield
    finally:
        gdal.PopErrorHandler()
