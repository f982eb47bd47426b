"""What a person does on the settings and health pages."""

REQUIREMENTS = {
    "browser:settings:connect": "From nothing to cards on the board without a terminal.",
    "browser:settings:secret": "A key stands in the secrets file only, never in a page or answer.",
    "browser:settings:test": "A tested connection says who one is, what one may do, how much is there.",
    "browser:settings:refused": "What does not work is said with its reason; what was typed stays.",
    "browser:settings:remove": "Removing a tracker asks first; its key and its items go.",
    "browser:settings:states": "A tracker's words can be put into other columns.",
    "browser:settings:board": "Limits of columns are set in the page and stand on the board.",
    "browser:settings:theme": "A theme is kept for the browser, in all its tabs.",
    "browser:health:findings": "The health page says what the doctor says.",
}
