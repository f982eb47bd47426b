"""What the page does when its tracker, its server, its network or its clock fail."""

REQUIREMENTS = {
    "web:faults:refused": "A move that the tracker refuses goes back, with the tracker's own words.",
    "web:faults:slow": "While the tracker takes seconds the page is used on and nothing is written twice.",
    "web:faults:failing": "A failing tracker keeps its cards; the header says until when it is left alone.",
    "web:faults:failing:edit": "What cannot be written now is said beside it; the text stays and is sent later.",
    "web:faults:lag": "Lagging replicas never take one's own write off the board.",
    "web:faults:cut": "A reply that is cut off leaves the board with what the tracker really has.",
    "web:faults:two": "Of two who drag a card both see the truth within two seconds; one hears who and where.",
    "web:faults:agree": "What one browser moves another shows within two seconds.",
    "web:faults:comment": "A comment that is not sent survives a reload and is sent once.",
}
