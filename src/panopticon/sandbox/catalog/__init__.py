"""The sandbox's data: one believable product, hand-written at its heart, generated at its edges."""

from panopticon.sandbox.catalog.story import product

__all__ = ["product"]
