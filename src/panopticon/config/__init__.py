"""Settings and secrets; the only reader of the environment.

Plain dataclasses rather than pydantic: every command reads its settings, and the 150 ms that
pydantic takes to import are a third of what `pan work list` may cost.
"""

from panopticon.config.layer import environment
from panopticon.config.load import load
from panopticon.config.schema import (
    TYPES,
    Config,
    PlaceWords,
    Source,
    TypeWords,
    plain_name,
    source_called,
)
from panopticon.config.setting import SETTINGS, Form, Setting
from panopticon.config.source import secret_variable

__all__ = [
    "SETTINGS",
    "TYPES",
    "Config",
    "Form",
    "PlaceWords",
    "Setting",
    "Source",
    "TypeWords",
    "environment",
    "load",
    "plain_name",
    "secret_variable",
    "source_called",
]
