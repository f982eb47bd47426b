"""What drop-downs offer, what new objects hold, and how fields are titled."""

LISTS = {
    "schedule": ("Idea", "Defined", "In-Progress", "Completed", "Accepted", "Released"),
    "defectstate": ("Submitted", "Open", "Fixed", "Closed"),
    "taskstate": ("Defined", "In-Progress", "Completed"),
    "riskstate": ("Open", "Closed"),
    "verdict": ("Pass", "Fail", "Blocked", "Error", "Inconclusive"),
    "iterationstate": ("Planning", "Committed", "Accepted"),
    "releasestate": ("Planning", "Active", "Accepted"),
    "openclosed": ("Open", "Closed"),
    "priority": ("Resolve Immediately", "High Attention", "Normal", "Low"),
    "severity": ("Crash/Data Loss", "Major Problem", "Minor Problem", "Cosmetic"),
    "environment": ("Development", "Test", "Staging", "Production"),
    "resolution": ("Code Change", "Configuration Change", "Duplicate", "Not a Defect"),
    "investment": ("Run", "Grow", "Transform"),
    "method": ("Manual", "Automated"),
    "testpriority": ("Useful", "Important", "Critical"),
    "testtype": ("Acceptance", "Functional", "Regression", "Performance"),
}

# What a new object holds when its maker says nothing.
DEFAULTS: dict[str, dict[str, object]] = {
    "HierarchicalRequirement": {"ScheduleState": "Defined", "DisplayColor": "#21a2e0"},
    "Defect": {"ScheduleState": "Defined", "State": "Submitted", "DisplayColor": "#f9a814"},
    "Task": {"State": "Defined", "TaskIndex": 0, "DisplayColor": "#7e3f98"},
    "TestCase": {"Method": "Manual", "Type": "Acceptance", "DisplayColor": "#848689"},
    "DefectSuite": {"ScheduleState": "Defined", "DisplayColor": "#f9a814"},
    "Risk": {"State": "Open", "DisplayColor": "#848689"},
    "PortfolioItem/Feature": {"DisplayColor": "#848689"},
    "PortfolioItem/Epic": {"DisplayColor": "#848689"},
    "Milestone": {"DisplayColor": "#21a2e0"},
    "Iteration": {"State": "Planning"},
    "Release": {"State": "Planning"},
    "Project": {"State": "Open"},
    "AllowedAttributeValue": {"Available": True},
}

# The display names that camel case does not give away.
DISPLAY = {
    "DragAndDropRank": "Rank",
    "AIAssisted": "AI Assisted",
    "PortfolioItem": "Portfolio Item",
}
