"""Who works at Northwind Engineering, in which projects, and the words they tag work with."""

from panopticon.sandbox.product import Person, Project

ROOT = "DDC-AI"

PEOPLE = (
    Person("John Doe", "john.doe@example.com", "Senior engineer"),
    Person("Jane Smith", "jane.smith@example.com", "Front-end engineer"),
    Person("Priya Raman", "priya.raman@example.com", "Tech lead"),
    Person("Mateusz Kowalczyk", "mateusz.kowalczyk@example.com", "Platform engineer"),
    Person("Aisha Bello", "aisha.bello@example.com", "Security engineer"),
    Person("Tomás Herrera", "tomas.herrera@example.com", "Back-end engineer"),
    Person("Mei-Ling Chen", "meiling.chen@example.com", "Data engineer"),
    Person("Siobhán O'Connor", "siobhan.oconnor@example.com", "Product owner"),
    Person("Yuki Tanaka", "yuki.tanaka@example.com", "Front-end engineer"),
    Person("Lars Lindqvist", "lars.lindqvist@example.com", "Quality engineer"),
    Person("Fatima Zahra Alaoui", "fatima.alaoui@example.com", "Back-end engineer"),
    Person("Daniel Okafor", "daniel.okafor@example.com", "Mobile engineer"),
    Person("Chloé Martin", "chloe.martin@example.com", "Designer"),
    Person("Rahul Deshpande", "rahul.deshpande@example.com", "Scrum master"),
    Person("Greta Hoffmann", "greta.hoffmann@example.com", "Support engineer"),
    Person("Victor Almeida", "victor.almeida@example.com", "Back-end engineer", disabled=True),
)

ENGINEERS = tuple(
    person.email for person in PEOPLE if "engineer" in person.role.lower() and not person.disabled
)

PROJECTS = (
    Project(
        ROOT,
        None,
        "Delivery document control: purchase orders, delivery notes and invoices in one place.",
    ),
    Project("DDC-AI Platform", ROOT, "Services, data model, connectors and operations."),
    Project("DDC-AI Web", ROOT, "The web application for buyers, warehouses and accounts payable."),
    Project("DDC-AI Mobile", ROOT, "The goods-in scanner app for warehouse staff."),
    Project(
        "Supplier Portal", None, "The portal suppliers use to send invoices; maintenance only."
    ),
    Project("Internal Tooling", None, "Build servers and office systems of the engineering group."),
)

TAGS = (
    "accessibility",
    "api",
    "compliance",
    "customer-request",
    "database",
    "frontend",
    "mobile",
    "performance",
    "quick-win",
    "security",
    "spike",
    "tech-debt",
    "ux",
)
