"""Names of what the engine asks without a clause."""

RULE_NAMES = {"COVER": "单元覆盖"}
