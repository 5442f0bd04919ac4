"""Whether a source can play its role, found out without reading its features."""

from __future__ import annotations

from .coordinates import accept
from .errors import EcoRedlineError, SourceError
from .layer_fields import find_fields
from .role import role
from .sources import LayerSource, refuse_database
from .vector import extent, open_layer


def look_at(source: LayerSource) -> EcoRedlineError | None:
    """Return why a source cannot be used, or None where nothing speaks against it yet.

    Asked are: file and layer, columns of the required fields, coordinate system, and that it holds features.
    What only the features can tell, such as a class that has no meaning, is found when they are read.
    """
    if source.frame is not None:
        return None
    layer_role = role(source.role)
    try:
        refuse_database(source.source, source.role)
        opened = open_layer(source.source, source.layer, SourceError, layer_role.layer_names, source.encoding)
        find_fields(source, layer_role, list(opened.columns), opened.where)
        if opened.features == 0:
            from .layer_reading import empty

            return empty(opened.where, source, filtered=False)
        accept(opened.crs, source.crs, extent(opened, SourceError), opened.where, SourceError)
    except EcoRedlineError as error:
        return error
    return None
