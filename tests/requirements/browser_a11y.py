"""What anybody can use, whatever they see with and type on."""

REQUIREMENTS = {
    "browser:a11y:axe": "axe finds no serious fault on any view, light and dark, wide and narrow.",
    "browser:a11y:dialogs": "axe finds no serious fault in the palette, the keys and the new item.",
    "browser:a11y:focus": "Whatever the Tab key reaches shows that it has the focus, light and dark.",
    "browser:a11y:motion": "Nothing slides for who asked the system for less motion.",
    "browser:a11y:huge": "On a 4K screen all five columns are in sight and nothing sticks out.",
}
