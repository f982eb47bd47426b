"""Settings, trackers and views changed from the page or by scripts."""

REQUIREMENTS = {
    "settings:own:change": "A changed setting is in the file, takes effect at once, and null resets.",
    "settings:own:bounds": "A setting out of bounds changes nothing and says the bounds.",
    "settings:own:fixed": "A setting that a variable or a flag decides says so and is refused.",
    "settings:write:two": "Two writers at once lose nothing; one that waits in vain says for whom.",
    "settings:write:whole": "Settings that cannot be read back leave the files as they were.",
    "settings:write:exact": "A file changes by exactly what was asked, whatever its form, or not.",
    "settings:views:keep": "Views are kept, replaced and forgotten by name.",
    "settings:views:bounds": "Names and queries of views are one bounded line; a hundred fit.",
    "settings:source:save": "A connection is tested, written to private files, and adopted.",
    "settings:source:refused": "A connection that does not work or has an odd name is not saved.",
    "settings:source:elsewhere": "What comes from elsewhere is shown with the place, not changed.",
    "settings:source:remove": "Removing takes section and key, unless another source uses the key.",
    "settings:source:test": "A trial saves nothing and tells what is wrong.",
    "settings:key:own-server": "A saved key, password or exception goes to its own server only.",
    "settings:key:own-variable": "A new key never overwrites the key of another.",
    "settings:states:follow": "Words put into another column are there after the next sync.",
    "settings:states:words": "The tracker's words are listed by kind; unknown ones are refused.",
    "settings:adopt:opens": "A changed source opens anew, an unchanged one and the store stay.",
    "settings:adopt:folder": "Settings are read again for the folder the board was started in.",
}
