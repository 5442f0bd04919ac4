"""Ids, parameters and outputs of the algorithms are those of the contract."""

from __future__ import annotations

import pytest

# id: (required parameters, optional parameters, outputs that are no parameters)
CONTRACT = {
    "sampledistrict": ({"FOLDER"}, {"SEED"}, {
        "LAYER_SET", "LAYERS", "SITES", "ANSWERS", "RESTORATION", "BANK_USES", "DEM", "IMAGES", "LAND_COVER",
    }),
    "importsites": ({"INPUT", "OUTPUT"}, {"FORMAT", "CRS", "DATASET", "DIAGNOSIS"}, set()),
    "checkrules": ({"ISSUES"}, {"RULE_PACKS"}, set()),
    "bankbuffers": ({"INPUT", "OUTPUT"}, {"DISTANCES"}, set()),
    "bankoccupancy": (
        {"BANKS", "USES"},
        {"ZONES", "REACHES", "EXTENT", "BANK_DEF", "MAX_DISTANCE", "SEGMENTS", "SUMMARY", "CHART"},
        set(),
    ),
    "exportproof": ({"SITES", "IMAGES", "SHEETS"}, {"DEM", "ACCEPTANCE", "PDF"}, set()),
    "watchredline": ({"LAYER_SET", "IMAGES", "PATCHES"}, {"MIN_AREA"}, set()),
    "screenprojects": (
        {"SITES", "LAYER_SET", "DOSSIER"},
        {
            "RULE_PACKS", "PROFILE", "STRICT", "ANSWERS", "AS_OF", "WORKERS", "PREPARED",
            "VERDICTS", "FINDINGS", "UNITS",
        },
        set(),
    ),
    "checktyped": (
        {"DOSSIER", "OUTPUT"},
        {"INPUT", "AREA_TOLERANCE", "DISTANCE_TOLERANCE", "SECRECY"},
        {"N_DIFFERENT", "N_OPEN"},
    ),
    "screenrestoration": (
        {"SITES", "LAYER_SET", "DOSSIER"},
        {
            "RULE_PACKS", "PROFILE", "ANSWERS", "AS_OF", "DEM", "IMAGES", "LAND_COVER", "WEIGHTS",
            "VERDICTS", "FINDINGS", "INDICATORS", "PRIORITY",
        },
        set(),
    ),
    "exportreport": (
        {"DOSSIER", "FOLDER"},
        {"FORMATS", "TEMPLATE", "MAPS", "REPORT_NAME", "RADII", "ONE_FILE", "SECRECY"},
        set(),
    ),
    "verifyseal": ({"DOSSIER", "LAYER_SET", "DIFFERENCES"}, {"RULE_PACKS", "SITES"}, {"CONFIRMED", "NUMBER"}),
    "exportmaps": (
        {"DOSSIER", "LAYER_SET", "FOLDER"},
        {"TEMPLATES", "FORMAT", "DPI", "SECRECY", "SHEET", "SCALE", "MAKER", "SITES"},
        set(),
    ),
}  # fmt: skip


def test_provider_holds_exactly_the_contract(provider):
    assert {algorithm.name() for algorithm in provider.algorithms()} == set(CONTRACT)


@pytest.mark.parametrize("name", CONTRACT)
def test_parameters_and_outputs(provider, name):
    from qgis.core import QgsProcessingParameterDefinition

    algorithm = provider.algorithm(name)
    optional = QgsProcessingParameterDefinition.Flag.FlagOptional
    required, spare, outputs = CONTRACT[name]
    parameters = {
        definition.name(): bool(definition.flags() & optional) or definition.defaultValue() is not None
        for definition in algorithm.parameterDefinitions()
    }
    assert {key for key, may_be_left in parameters.items() if not may_be_left} == required
    assert {key for key, may_be_left in parameters.items() if may_be_left} == spare
    destinations = {definition.name() for definition in algorithm.destinationParameterDefinitions()}
    assert {output.name() for output in algorithm.outputDefinitions()} - destinations == outputs


@pytest.mark.parametrize("name", CONTRACT)
def test_each_has_help_icon_group_and_words_in_both_languages(provider, name):
    algorithm = provider.algorithm(name)
    kind = type(algorithm)
    for text in (kind.TITLE, kind.HELP, kind.GROUP[1]):
        assert text.zh.strip()
        assert text.en.strip()
        assert text.zh != text.en
    assert algorithm.shortHelpString()
    assert algorithm.groupId()
    assert not algorithm.icon().isNull()
    assert any(tag.isascii() for tag in algorithm.tags())
    assert any(not tag.isascii() for tag in algorithm.tags())


def executed(provider, name, parameters):
    """Run an algorithm as `processing.run`, batches and the toolbox do."""
    from processing.gui.AlgorithmExecutor import execute
    from qgis.core import QgsProcessingContext, QgsProcessingFeedback

    algorithm = provider.algorithm(name).create()
    context = QgsProcessingContext()
    return execute(algorithm, parameters, context, QgsProcessingFeedback(False), catch_exceptions=False), context


def test_a_script_runs_an_algorithm_as_it_runs_those_of_qgis(provider):
    (fine, outputs), context = executed(provider, "checkrules", {"ISSUES": "memory:"})
    assert fine
    assert context.getMapLayer(outputs["ISSUES"]).isValid()


def test_the_last_word_on_packs_is_how_many_are_refused(provider, tmp_path):
    from qgis.core import QgsProcessingContext, QgsProcessingFeedback

    for name in ("a", "b"):
        (tmp_path / f"{name}.toml").write_text('[pack]\ntitle = "x"\n', encoding="utf-8")
    feedback = QgsProcessingFeedback(False)
    parameters = {"RULE_PACKS": str(tmp_path), "ISSUES": str(tmp_path / "issues.csv")}
    provider.algorithm("checkrules").create().processAlgorithm(parameters, QgsProcessingContext(), feedback)
    last = feedback.textLog().strip().splitlines()[-1]
    assert "2" in last and ("未采用" in last or "refused" in last)


def test_an_error_reaches_a_script_in_words(provider, tmp_path):
    from qgis.core import QgsProcessingException

    missing = str(tmp_path / "missing.toml")
    with pytest.raises(QgsProcessingException, match=r"missing\.toml"):
        executed(provider, "watchredline", {"LAYER_SET": missing, "IMAGES": missing, "PATCHES": "memory:"})


def test_no_algorithm_hides_what_qgis_calls(provider):
    """A method named like one of QGIS's that is no hook of it breaks scripts, batches and models."""
    from qgis.core import QgsProcessingAlgorithm

    depth = len(QgsProcessingAlgorithm.mro()) - 1
    for algorithm in provider.algorithms():
        assert not any("run" in vars(kind) for kind in type(algorithm).mro()[: -1 - depth]), algorithm.name()
