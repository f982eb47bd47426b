"""What anybody can use, whatever they see with and type on."""

REQUIREMENTS = {
    "browser:a11y:axe": "axe finds no serious fault on any view, light and dark, wide and narrow.",
    "browser:a11y:dialogs": "axe finds no serious fault in the palette, the keys and the new item.",
}
